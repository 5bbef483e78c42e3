/* gzip: what is packed is smaller and comes back as it was; what does not get smaller is left
 * alone. */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <kansli/gzip.h>

static void a_page_comes_back_as_it_was(void **state)
{
    char page[20000], back[sizeof page + 1];
    size_t n = 0;
    z_stream z = {0};

    for (size_t i = 0; i < sizeof page; i++)
        page[i] = "<li><a href=\"/groups/\">Åldrande</a>"[i * 7 % 31];
    char *packed = gzip_pack(page, sizeof page, &n);
    assert_non_null(packed);
    assert_true(n < sizeof page / 4);
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)packed;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)back;
    z.avail_out = sizeof back;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, sizeof page);
    assert_memory_equal(back, page, sizeof page);
    inflateEnd(&z);
    free(packed);
}

static void noise_and_nothing_are_left_alone(void **state)
{
    unsigned char noise[5000];
    uint32_t seed = 1;
    size_t n = 0;

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)((seed = seed * 1664525u + 1013904223u) >> 24);
    assert_null(gzip_pack(noise, sizeof noise, &n));
    assert_null(gzip_pack("", 0, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_comes_back_as_it_was),
        cmocka_unit_test(noise_and_nothing_are_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
