/* test_asset.c: what the build put into the binary can be found again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <kansli/asset.h>

static void every_asset_is_found_by_its_name(void **state)
{
    (void)state;
    size_t n;
    const struct asset *all = asset_all(&n);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(asset_find(all[i].name), &all[i]);
}

static void names_are_sorted_and_unique(void **state)
{
    (void)state;
    size_t n;
    const struct asset *all = asset_all(&n);
    for (size_t i = 1; i < n; i++)
        assert_true(strcmp(all[i - 1].name, all[i].name) < 0);
}

static void what_is_not_there_is_null(void **state)
{
    (void)state;
    static const char *const absent[] = {"", "static", "static/", "zzz", "../main.c", "I18N/SV.MO"};
    for (size_t i = 0; i < LEN(absent); i++)
        assert_null(asset_find(absent[i]));
}

static void an_asset_is_whole(void **state)
{
    (void)state;
    size_t n;
    const struct asset *all = asset_all(&n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(all[i].bytes[all[i].len], '\0');
        assert_int_equal(strlen(all[i].hash), 16);
        assert_non_null(strchr(all[i].type, '/'));
        if (!all[i].gzip)
            continue;
        assert_memory_equal(all[i].gzip, "\x1f\x8b\x08\0\0\0\0\0", 8); /* no time: builds repeat */
        assert_true(all[i].gzip_len * 10 <= all[i].len * 9);
    }
    const struct asset *catalogue = asset_find("i18n/sv.mo");
    assert_non_null(catalogue);
    assert_memory_equal(catalogue->bytes, "\xde\x12\x04\x95", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_asset_is_found_by_its_name),
        cmocka_unit_test(names_are_sorted_and_unique),
        cmocka_unit_test(what_is_not_there_is_null),
        cmocka_unit_test(an_asset_is_whole),
    };
    return cmocka_run_group_tests_name("asset", tests, NULL, NULL);
}
