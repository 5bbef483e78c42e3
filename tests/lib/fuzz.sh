#!/bin/sh
# Runs every fuzzer of a build for some seconds each: fuzz.sh build-fuzz 60.
#
# The committed corpus (tests/fuzz/corpus/NAME) is only read; what is found goes to BUILD/corpus/NAME,
# and an input that breaks something to BUILD/NAME-crash-….
set -eu
build=$1
seconds=$2
found=0
for fuzzer in "$build"/tests/fuzz/fuzz_*; do
    [ -x "$fuzzer" ] || continue
    name=${fuzzer##*/fuzz_}
    mkdir -p "$build/corpus/$name"
    seeds=tests/fuzz/corpus/$name
    [ -d "$seeds" ] || seeds=''
    echo "fuzz $name, $seconds s"
    log=$build/$name.log
    # shellcheck disable=SC2086 # an absent seed directory is no argument
    if ! "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/$name-" "$build/corpus/$name" $seeds >"$log" 2>&1; then
        tail -n 60 "$log"
        exit 1
    fi
    grep -E 'number_of_executed_units|new_units_added|peak_rss_mb' "$log"
    found=$((found + 1))
done
echo "$found fuzzers, no finding"
[ "$found" -gt 0 ]
