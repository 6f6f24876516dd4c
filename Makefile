# MOOC Pulse. `make` alone lists the targets; deploy/dev/ holds the scripts behind them.
#
#   CC=gcc|clang   compiler (each has its own folder: build/release, build/clang-release, ...)
#   WERROR=        do not turn warnings into errors

VERSION := 0.1.0
ifeq ($(origin CC),default)
CC := gcc
endif
WERROR ?= -Werror
FLAVOUR ?= release
PREFIX ?= /usr/local
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
DEV := deploy/dev
RELEASE_BIN := $(CURDIR)/build/release

# ---- folders ---------------------------------------------------------------------------------

compiler := $(notdir $(CC))
tag := $(if $(filter gcc,$(compiler)),,$(compiler)-)
B := build/$(tag)$(FLAVOUR)

# ---- flags -----------------------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
    -Wformat=2 -Wundef -Wvla $(WERROR)
DEFINES := -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE \
    -DMOOC_VERSION='"$(VERSION)"'
PACKAGES := rdkafka libpq libcurl libcjson yaml-0.1 libmicrohttpd xlsxwriter libcrypto zlib

SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all
FLAGS_release := -O2 -g
# What a large batch is cut into is small here, so that the tests' small batches are cut too.
FLAGS_asan := -O1 -g -fno-omit-frame-pointer $(SANITIZERS) -DPORTION_BYTES=2048
FLAGS_fuzz := $(FLAGS_asan) -fsanitize=fuzzer-no-link
# Used where the compiler knows them.
HARDENED := -fstack-protector-strong -fstack-clash-protection -fcf-protection \
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -ftrivial-auto-var-init=zero -fno-plt
HARDENED_LINK := -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code

# $(B)/flags.mk holds what had to be asked of the compiler and of pkg-config; objects depend on it,
# and it is only touched when an answer changes.
-include $(if $(COMPILING),$(B)/flags.mk)
known = $(shell for flag in $(1); do echo 'int main(void) { return 0; }' | \
    $(CC) -Werror -O2 $$flag -x c -o /dev/null - 2>/dev/null && printf '%s ' $$flag; done)

CPPFLAGS += -I. -I$(B)/gen $(DEFINES) $(PACKAGE_CFLAGS)
CFLAGS_ALL = -std=c11 -fPIE $(FLAGS_$(FLAVOUR)) $(WARNINGS) $(EXTRA_CFLAGS) $(CFLAGS)
LDFLAGS_ALL = -pie $(FLAGS_$(FLAVOUR)) $(EXTRA_LDFLAGS) $(LDFLAGS)
LIBS = -Wl,--as-needed $(PACKAGE_LIBS) -lunistring -lm -lpthread

# ---- sources ---------------------------------------------------------------------------------

sources_in = $(filter-out %/main.c,$(wildcard $(1)/*.c $(1)/*/*.c))
common_objects := $(patsubst %.c,$(B)/obj/%.o,$(call sources_in,common))
sql_files := $(sort $(wildcard aggregator/sql/*.sql))
connector_files := $(sort $(wildcard ingest/connectors/*.yaml))
ingest_objects := $(patsubst %.c,$(B)/obj/%.o,$(call sources_in,ingest)) $(B)/obj/gen/connectors.o
aggregator_objects := $(patsubst %.c,$(B)/obj/%.o,$(call sources_in,aggregator)) $(B)/obj/gen/sql.o

programs := $(patsubst %/main.c,$(B)/mooc-%,$(wildcard ingest/main.c aggregator/main.c))
unit_support := $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/unit/support/*.c tests/unit/support/*/*.c))
unit_tests := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
fuzz_targets := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
test_tools := $(patsubst tests/tools/%.c,$(B)/tools/%,$(wildcard tests/tools/*.c))
bench_tools := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*.c))
libraries := $(B)/lib/libcommon.a $(B)/lib/libingest.a $(B)/lib/libaggregator.a

# ---- what people type ------------------------------------------------------------------------

.PHONY: schemas bi-catalogue help setup up down reset-db build asan test unit sql-test integration scenarios endtxn-test standby-test replay-test lint tidy format demo \
    compose-test compose-up compose-images compose-down bench bench-views fuzz man install clean distclean compile compile-unit compile-tools compile-bench \
    compile-fuzz superset superset-down superset-bundle boards-test FORCE

# Two makes at once in one checkout take turns.
compile = mkdir -p build && flock build/$(tag)$(1).lock $(MAKE) --no-print-directory \
    FLAVOUR=$(1) COMPILING=1

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-17s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## install packages, Kafka jars and Python packages where missing
	@$(DEV)/setup.sh

up: setup ## start a private Kafka and PostgreSQL (settings in .run/env)
	@$(DEV)/up.sh

down: ## stop what `make up` started
	@$(DEV)/down.sh

reset-db: setup ## drop database mooc of the private PostgreSQL and deploy the schema anew
	@$(DEV)/up.sh --reset-db

build: ## both services, optimised and hardened, into build/release
	+@$(call compile,release) compile

asan: ## both services under ASan and UBSan, into build/asan
	+@$(call compile,asan) compile-tools

test: ## everything: setup, gcc and clang, lint, unit, SQL and integration tests
	@$(DEV)/test.sh

unit: ## the unit tests under ASan and UBSan
	+@$(call compile,asan) compile-unit
	@tests/unit/run.sh $(patsubst tests/unit/%.c,build/$(tag)asan/unit/%,$(wildcard tests/unit/test_*.c))

sql-test: up ## deploy the schema into a fresh database, run the pgTAP tests, revert
	@$(DEV)/sql-test.sh

integration: up ## pytest against the private Kafka and PostgreSQL (ARGS=... for pytest)
	+@$(call compile,asan) compile-tools
	@$(DEV)/integration.sh $(ARGS)

integration-long: up ## those that take too long for every change; of the scenarios see below
	+@$(call compile,asan) compile-tools
	@$(DEV)/integration.sh -m "long and not scenario" tests/integration

scenarios: up ## the source documents as worlds of full size, through the real services
	+@$(call compile,release) compile compile-tools
	@MOOC_BIN_DIR=$(RELEASE_BIN) $(DEV)/integration.sh -m "scenario and long" --timeout=1500 tests/integration

endtxn-test: up ## 200 commits whose outcome nobody knows (MOOC_ENDTXN=200, minutes)
	+@$(call compile,asan) compile-tools
	@MOOC_ENDTXN=$${MOOC_ENDTXN:-200} $(DEV)/integration.sh -s --timeout=3000 tests/integration/test_endtxn.py

standby-test: up ## 100 faults of two and three aggregators, rolling upgrades (MOOC_STANDBY=100, minutes)
	+@$(call compile,release) compile
	@MOOC_STANDBY=$${MOOC_STANDBY:-100} MOOC_BIN_DIR=$(RELEASE_BIN) $(DEV)/integration.sh -s --timeout=3600 tests/integration/test_standby.py

replay-test: up ## 30 kills of replays, aggregators and PostgreSQL in live traffic (MOOC_REPLAY=30, minutes)
	+@$(call compile,release) compile
	@MOOC_REPLAY=$${MOOC_REPLAY:-30} MOOC_BIN_DIR=$(RELEASE_BIN) $(DEV)/integration.sh -s --timeout=3600 tests/integration/test_replay_chaos.py

lint: ## what the project forbids itself, and the code's format
	@tests/lint/lint.sh

tidy: ## clang-tidy over all sources (slow)
	@tests/lint/tidy.sh

format: ## reformat all C sources
	@files=$$(git ls-files -co --exclude-standard '*.c' '*.h'); \
	    [ -z "$$files" ] || clang-format -i $$files

demo: up ## the main job: Hà Giang 2023, from platform to printed tables
	+@$(call compile,release) compile
	@MOOC_BIN_DIR=$(RELEASE_BIN) deploy/demo/run.sh $(ARGS)

compose-test: setup ## the demo on docker-compose.yml, really run, then taken down again
	@deploy/docker/test.sh

compose-up: setup ## start docker-compose.yml, with engine, images and secrets where missing
	@deploy/docker/up.sh

compose-images: setup ## the images of docker-compose.yml, stand-ins where no registry answers
	@deploy/docker/engine.sh start
	@deploy/docker/images.sh

compose-down: ## end what compose-up started (ARGS=--wipe: and forget its data and images)
	@deploy/docker/down.sh $(ARGS)

superset: up build ## Apache Superset with the dashboards, on loopback (docs/dashboards.md)
	@MOOC_BIN_DIR=$(RELEASE_BIN) deploy/superset/superset.sh start

superset-down: ## stop it
	@deploy/superset/superset.sh stop

boards-test: up ## the dashboards in headless Chromium, on two worlds: every figure is the views' (minutes)
	+@$(call compile,release) compile
	@MOOC_BIN_DIR=$(RELEASE_BIN) tests/boards/run.sh $(ARGS)

superset-bundle: ## build/mooc-pulse-dashboards.zip, to import into a Superset of your own
	@mkdir -p build
	@deploy/superset/superset.sh bundle build/mooc-pulse-dashboards.zip && echo build/mooc-pulse-dashboards.zip

bench: up ## events and records per second, next to baselines
	+@$(call compile,release) compile-bench
	@MOOC_BIN_DIR=$(RELEASE_BIN) tests/bench/run.sh $(ARGS)

bench-views: up ## milliseconds of every view of bi, at 1 M (person, training) and three years of days
	@tests/bench/run.sh --only views

fuzz: ## libFuzzer on what reads bytes from outside (SECONDS_EACH=30)
	+@$(call compile,fuzz) CC=clang compile-fuzz
	@tests/lint/fuzz.sh build/clang-fuzz/fuzz $(or $(SECONDS_EACH),30)

bi-catalogue: up ## docs/bi-catalogue.md and the columns of the boards' datasets from bi.dictionary
	@$(DEV)/bi-catalogue.sh mooc >docs/bi-catalogue.md
	@. .run/env && PGDATABASE=mooc PYTHONDONTWRITEBYTECODE=1 .run/venv/bin/python deploy/superset/columns.py

schemas: build ## the JSON Schemas and the reference page of connectors, from their tables
	@build/release/mooc-ingest connectors schema >schema/connector.schema.json
	@build/release/mooc-ingest connectors schema service >schema/mooc-ingest.schema.json
	@build/release/mooc-ingest connectors reference >docs/connectors/reference.md

man: build ## man pages, into build/man
	@mkdir -p build/man
	@for p in mooc-ingest mooc-aggregator; do \
	    build/release/$$p --man >build/man/$$p.1 && echo build/man/$$p.1; done

install: man ## programs and man pages into PREFIX (/usr/local); DESTDIR for packagers
	@install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	@install -m 755 build/release/mooc-ingest build/release/mooc-aggregator $(DESTDIR)$(PREFIX)/bin
	@install -m 644 build/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1

clean: ## remove build/
	rm -rf build

distclean: clean ## also stop the stack and remove .run/ with its data
	@deploy/docker/engine.sh wipe
	@$(DEV)/down.sh --wipe
	rm -rf .run

# ---- how it is built -------------------------------------------------------------------------

compile: $(libraries) $(programs)
	@$(if $(programs),echo "built: $(programs)",echo "no service has a main.c yet")
# Fuzz targets are run by hand; that they still compile is seen with every change.
fuzz_objects := $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/fuzz/fuzz_*.c))
compile-unit: $(unit_tests) $(fuzz_objects)
compile-tools: compile $(test_tools)
compile-bench: compile $(bench_tools)
compile-fuzz: $(fuzz_targets)

ifdef COMPILING

$(B)/flags.mk: FORCE
	@mkdir -p $(@D)
	@{ echo 'PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES))'; \
	   echo 'PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES))'; \
	   echo 'EXTRA_CFLAGS := $(if $(filter release,$(FLAVOUR)),$(call known,$(HARDENED)))'; \
	   echo 'EXTRA_LDFLAGS := $(if $(filter release,$(FLAVOUR)),$(call known,$(HARDENED_LINK)))'; \
	   echo '# $(CC) $(subst ','"'"',$(FLAGS_$(FLAVOUR)) $(WARNINGS) $(DEFINES) $(CFLAGS))'; \
	 } >$@.new; cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# Text files that stand in a binary.
define embedded
$(B)/gen/$(1).h $(B)/gen/$(1).c: $(B)/gen/$(1).%: $(DEV)/embed.awk $(2) $(B)/$(1).list
	@mkdir -p $$(@D)
	@awk -v prefix=$(1) -v part=$$* -f $(DEV)/embed.awk $(2) </dev/null >$$@

$(B)/obj/gen/$(1).o: $(B)/gen/$(1).c $(B)/gen/$(1).h $(B)/flags.mk
	@mkdir -p $$(@D)
	@$$(CC) $$(CPPFLAGS) $$(CFLAGS_ALL) -c -o $$@ $$<
endef
$(eval $(call embedded,sql,$(sql_files)))
$(eval $(call embedded,connectors,$(connector_files)))

$(B)/obj/%.o: %.c $(B)/flags.mk | $(B)/gen/sql.h $(B)/gen/connectors.h
	@mkdir -p $(@D)
	@echo "  $(CC) $(FLAVOUR) $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# A list changes when a file comes or goes; then its archive is made anew.
define listed
$(1): FORCE
	@mkdir -p $$(@D)
	@echo '$(2)' | cmp -s - $$@ || echo '$(2)' >$$@
endef
$(eval $(call listed,$(B)/sql.list,$(sql_files)))
$(eval $(call listed,$(B)/connectors.list,$(connector_files)))
support_objects := $(unit_support)
$(foreach l,common ingest aggregator support,$(eval $(call listed,$(B)/lib/$(l).list,$($(l)_objects))))

define archive
$(B)/lib/lib$(1).a: $($(1)_objects) $(B)/lib/$(1).list
	@rm -f $$@
	@ar rcsD $$@ $($(1)_objects)
endef
$(foreach l,common ingest aggregator support,$(eval $(call archive,$(l))))

$(B)/mooc-%: $(B)/obj/%/main.o $(B)/lib/lib%.a $(B)/lib/libcommon.a
	@echo "  link $@"
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

# A test is linked with the services whose headers it includes, and always with common/.
tests_of = $(shell grep -lE '^ *\#include ".*$(1)/' $(wildcard tests/unit/*.c) /dev/null)
ingest_tests := $(call tests_of,ingest)
aggregator_tests := $(call tests_of,aggregator)
define unit_test
$(B)/unit/$(1): $(B)/obj/tests/unit/$(1).o $(B)/lib/libsupport.a \
    $(foreach s,ingest aggregator,$(if $(filter %/$(1).c,$($(s)_tests)),$(B)/lib/lib$(s).a)) \
    $(B)/lib/libcommon.a
	@mkdir -p $$(@D)
	@$$(CC) $$(LDFLAGS_ALL) -o $$@ $$^ -lcmocka $$(LIBS)
endef
$(foreach t,$(notdir $(unit_tests)),$(eval $(call unit_test,$(t))))

$(B)/tools/%: $(B)/obj/tests/tools/%.o $(B)/lib/libingest.a $(B)/lib/libcommon.a
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(B)/bench/%: $(B)/obj/tests/bench/%.o $(libraries)
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) -o $@ $< -Wl,--start-group $(libraries) -Wl,--end-group $(LIBS)

$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(libraries)
	@mkdir -p $(@D)
	@$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $< \
	    -Wl,--start-group $(libraries) -Wl,--end-group $(LIBS)

.PRECIOUS: $(B)/obj/%.o
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

endif
