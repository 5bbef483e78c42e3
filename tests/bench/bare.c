/* bare.c: the least that libmicrohttpd can do, as a yardstick for `make bench`.
 *
 * Answers every request with the same bytes of a file from one prepared response, with as many epoll
 * threads as kansli. bare FILE TYPE: prints its address, ends with its standard input. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, LARGEST = 16 << 20 };

static enum MHD_Result answer(void *response, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **seen)
{
    static int marker;
    (void)url, (void)method, (void)version, (void)upload, (void)upload_size;
    if (!*seen) {
        *seen = &marker;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    char *bytes = malloc(LARGEST);
    if (!file || !bytes) {
        fputs("usage: bare FILE TYPE\n", stderr);
        return 2;
    }
    size_t n = fread(bytes, 1, LARGEST, file);
    fclose(file);
    struct MHD_Response *response = MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", argv[2]);
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0, NULL, NULL, answer, response,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&where, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)THREADS, MHD_OPTION_END);
    if (!daemon) {
        fputs("bare: cannot listen\n", stderr);
        return 1;
    }
    printf("http://127.0.0.1:%d\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return 0;
}
