# kansli: one Makefile, no configure step. `make run` and `make test` install what they need.
#
#   make            build/kansli, optimised and hardened
#   make run        the demo register on LISTEN, in a browser in a minute
#   make test       everything that must hold before a change lands; ends with "N passed, N failed"
#   make test-long  the full sizes of the same
#   make lint · asan · tsan · analyze · fuzz · bench · cover · format · install · clean
#
# Other builds are the same rules with another BUILD and MODE: make BUILD=build-asan MODE='$(ASAN)'.

BUILD ?= build
ifeq ($(origin CC),default)
CC = gcc
endif
JOBS ?= 2
LISTEN ?= 127.0.0.1:8080
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

# `make V=1` shows whole commands; otherwise what is made.
Q = $(if $(V),,@echo '$(or $(1),CC) $@';)

PKGS = libmicrohttpd sqlite3 jansson libcmark libsodium xlsxwriter libzip expat libcurl libical
WARN = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
       -Wwrite-strings -Wvla -Wformat=2 -Wswitch-enum $(WARN_$(notdir $(CC)))
WARN_clang = -Wno-format-nonliteral
HARDEN = -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
         -fstack-clash-protection -fPIE -fno-asynchronous-unwind-tables $(HARDEN_$(shell uname -m))
HARDEN_x86_64 = -fcf-protection
HARDEN_aarch64 = -mbranch-protection=standard
ASAN = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN = -O1 -fno-omit-frame-pointer -fsanitize=thread
FUZZ = -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
       -fno-sanitize-recover=undefined
COVER = -O0 --coverage -fprofile-update=atomic
MODE ?= $(HARDEN)

# Empty on a machine where `make run` has yet to install pkg-config; a second make then asks again.
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
CFLAGS_ALL = -std=gnu17 -g $(WARN) $(if $(CI),-Werror) $(MODE) -Iinclude -MMD -MP -pthread \
             $(PKG_CFLAGS) $(CFLAGS)
LINK = $(MODE) -pthread $(if $(findstring fPIE,$(MODE)),-pie -Wl$(,)-z$(,)relro$(,)-z$(,)now$(,)-z$(,)pack-relative-relocs) $(LDFLAGS)
LIBS = $(PKG_LIBS) -lcsv -lstemmer -lz -lm
, := ,

SRC = $(filter-out src/main.c,$(wildcard src/*.c)) \
      $(filter-out src/tool/%,$(wildcard src/*/*.c))
OBJ = $(SRC:%.c=$(BUILD)/%.o) $(BUILD)/assets.o
ASSETS = $(wildcard web/static/* web/templates/*.html web/templates/*/*.html migrations/*.sql \
           migrations/data/*.csv migrations/data/*/*.json migrations/data/papers/*)
UNITS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
UNIT_HELP = $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))
FUZZERS = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))

all: $(BUILD)/kansli

$(BUILD)/kansli: $(BUILD)/src/main.o $(BUILD)/libkansli.a
	$(call Q,LD)$(CC) $(LINK) -o $@ $^ $(LIBS)

$(BUILD)/libkansli.a: $(OBJ) $(BUILD)/objects.txt
	$(call Q,AR)rm -f $@ && ar rcs $@ $(OBJ)

$(BUILD)/%.o: %.c $(BUILD)/flags.txt
	@mkdir -p $(@D)
	$(call Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

$(BUILD)/assets.o: $(BUILD)/assets.c $(BUILD)/flags.txt
	$(call Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

# Two files that change only when their text does: other flags build everything anew, a removed
# source leaves the library.
$(BUILD)/flags.txt: text = $(CC) $(CFLAGS_ALL)
$(BUILD)/objects.txt: text = $(OBJ)
$(BUILD)/flags.txt $(BUILD)/objects.txt: always
	@mkdir -p $(@D)
	@echo '$(text)' | cmp -s - $@ || echo '$(text)' > $@

$(BUILD)/sv.mo: web/i18n/sv.po
	@mkdir -p $(@D)
	$(call Q,PO)msgfmt --check-format -o $@ $<

$(BUILD)/embed: src/tool/embed.c
	@mkdir -p $(@D)
	$(call Q)$(CC) -std=gnu17 -O1 $(WARN) -Iinclude -o $@ $< $(shell pkg-config --cflags --libs libsodium) -lz

$(BUILD)/assets.c: $(BUILD)/embed $(BUILD)/sv.mo $(ASSETS)
	$(call Q,EMBED)$(BUILD)/embed $@ $(BUILD)/sv.mo

-include $(wildcard $(BUILD)/src/*.d $(BUILD)/src/*/*.d $(BUILD)/tests/*/*.d)

# ---- run ----

DEMO = build/demo.db
run:
	@tests/lib/install.sh build
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@if [ -e $(DEMO) ]; then $(BUILD)/kansli migrate --db $(DEMO) >/dev/null; \
	 else $(BUILD)/kansli init --db $(DEMO) --demo > build/demo-logins.txt; fi
	@cat build/demo-logins.txt 2>/dev/null || true
	@exec $(BUILD)/kansli serve --db $(DEMO) --listen $(LISTEN)

install: all
	install -D -m 755 $(BUILD)/kansli $(DESTDIR)$(PREFIX)/bin/kansli
	install -D -m 644 src/kansli.1 $(DESTDIR)$(PREFIX)/share/man/man1/kansli.1
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/kansli/LICENSE
	install -D -m 644 README.md $(DESTDIR)$(PREFIX)/share/doc/kansli/README.md

# ---- tests ----

NPM = tests/node_modules/.package-lock.json
$(NPM): tests/package-lock.json
	cd tests && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Unit tests are linked with the library: what they try is what is shipped. cmocka.h wants these four
# before it, and its tests a parameter that few use.
CMOCKA = $(foreach h,stdarg stddef stdint setjmp,-include $(h).h) -Wno-unused-parameter
units: $(UNITS)
$(BUILD)/tests/unit/%: tests/unit/%.c $(UNIT_HELP) $(BUILD)/libkansli.a $(BUILD)/flags.txt
	@mkdir -p $(@D)
	$(call Q)$(CC) $(CFLAGS_ALL) $(CMOCKA) $(LINK) -o $@ $(filter %.c,$^) $(BUILD)/libkansli.a \
	    -lcmocka $(LIBS)

# The views without a server: tests hold pages against their JSON with it.
$(BUILD)/render: tests/lib/render.c $(BUILD)/libkansli.a $(BUILD)/flags.txt
	$(call Q)$(CC) $(CFLAGS_ALL) $(LINK) -o $@ $< $(BUILD)/libkansli.a $(LIBS)

test:
	@tests/lib/install.sh test
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build-asan MODE='$(ASAN)' all units build-asan/render $(NPM)
	@BUILD=build-asan node tests/run.mjs unit lint lib browser http

test-long: export KANSLI_LONG = 1
test-long: test

asan:
	@tests/lib/install.sh build
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build-asan MODE='$(ASAN)' all

tsan:
	@tests/lib/install.sh tsan
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build-tsan MODE='$(TSAN)' all build-tsan/render $(NPM)
	@BUILD=build-tsan node tests/run.mjs http

lint:
	@tests/lib/install.sh lint
	@node tests/lint/selftest.mjs
	@node tests/lint/run.mjs
	@$(MAKE) --no-print-directory -j$(JOBS) all $(NPM)
	@BUILD=$(BUILD) node tests/lint/openapi.mjs

# clang's path analyser over every source, warnings as errors; .clang-tidy says which checks.
analyze:
	@tests/lib/install.sh analyze
	@printf '%s\n' $(SRC) src/main.c src/tool/*.c | \
	    xargs -P $(JOBS) -I FILE clang-tidy --quiet FILE -- -std=gnu17 -Iinclude $(PKG_CFLAGS)

# New inputs are gathered in build-fuzz/corpus; the committed ones are the seeds.
fuzz:
	@tests/lib/install.sh fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build-fuzz CC=clang MODE='$(FUZZ)' fuzzers
	@tests/lib/fuzz.sh build-fuzz $(FUZZ_SECONDS)
fuzzers: $(FUZZERS)
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(BUILD)/libkansli.a $(BUILD)/flags.txt
	@mkdir -p $(@D)
	$(call Q)$(CC) $(CFLAGS_ALL) -fsanitize=fuzzer $(LINK) -o $@ $< $(BUILD)/libkansli.a $(LIBS)

BENCH = $(BUILD)/bench-bare $(BUILD)/bench-insert $(BUILD)/bench-sweden $(BUILD)/bench-minutes $(BUILD)/bench-markdown
bench:
	@tests/lib/install.sh bench
	@$(MAKE) --no-print-directory -j$(JOBS) all $(BENCH)
	@BUILD=$(BUILD) node tests/bench/bench.mjs
$(BUILD)/bench-%: tests/bench/%.c $(BUILD)/libkansli.a
	$(call Q)$(CC) $(CFLAGS_ALL) $(LINK) -o $@ $< $(BUILD)/libkansli.a $(LIBS)

# The pages as people see them: those of the README in tests/pictures, all in tests/out/pictures.
pictures: all $(NPM)
	@BUILD=$(BUILD) node tests/browser/pictures.mjs

cover:
	@tests/lib/install.sh cover
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build-cover MODE='$(COVER)' all units build-cover/render $(NPM)
	@find build-cover -name '*.gcda' -delete
	@BUILD=build-cover node tests/run.mjs unit http
	@gcovr --root . --filter src/ --exclude src/tool --object-directory build-cover --sort-percentage

format:
	@tests/lib/install.sh format
	clang-format -i $(SRC) src/main.c $(wildcard src/tool/*.c include/kansli/*.h src/*/*.h \
	    tests/unit/*.[ch] tests/fuzz/*.c tests/bench/*.c)

clean:
	rm -rf build build-* tests/out

.PHONY: all always run install units test test-long asan tsan lint analyze fuzz fuzzers bench pictures cover \
        format clean
