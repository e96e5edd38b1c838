# SPDX-License-Identifier: GPL-2.0-only
#
# For people; what kbuild reads is Kbuild. "make help" lists the targets.

PREFIX ?= /usr/local
DKMS ?= no
export PREFIX DESTDIR DKMS

# Tests have a kernel of their own; the module is for the running one.
K := $(or $(KERNEL),6.1)
top := $(CURDIR)
programs := $(top)/build/tools

vm = tests/vm/run --kernel $(K) \
	--env L4LB_KO='$(top)/build/$(K)/kmod/l4lb.ko' \
	--env INJECT_KO='$(top)/build/$(K)/tests/bench/inject.ko' \
	--env L4LB_BUILD='$(programs)' --env L4LB_KERNEL=$(K) \
	--env PATH='$(programs):/usr/sbin:/usr/bin:/sbin:/bin'

# What is built on the way to something else is no news.
test demo bench scale shell: quiet = -s

all: modules tools

help:
	@echo 'make [all]      the module for the running kernel, and the programs'
	@echo 'make modules    the module: build/KERNEL/kmod/l4lb.ko'
	@echo 'make tools      lbctl and lbcheckd: build/tools'
	@echo 'make install    both, with their pages; DESTDIR, PREFIX=$(PREFIX)'
	@echo '                DKMS=yes: the module by DKMS, for every kernel'
	@echo 'make uninstall  takes away what install put there'
	@echo 'make deb        packages for Debian: build/deb'
	@echo 'make check      the gates: style, sparse, kernel-doc, ... GATES="name..."'
	@echo 'make test       the tests, in a virtual machine; TESTS="name..."'
	@echo 'make fuzz       the parsers, under libFuzzer; FUZZ="[-r RUNS] name..."'
	@echo 'make demo       a mail site behind l4lb, in a virtual machine'
	@echo 'make bench      what a packet costs, beside the alternatives'
	@echo 'make scale      the same beside many VIPs, reals and connections'
	@echo 'make shell      a root shell in the virtual machine'
	@echo 'make clean      removes build/'
	@echo
	@echo 'KERNEL=6.1|6.12|debug|host says for which kernel. Missing packages'
	@echo 'are installed (root, Debian); DEPS=no leaves that to you.'

modules:
	@scripts/build $(KERNEL) > /dev/null

tools:
	@scripts/deps build
	@$(MAKE) --no-print-directory $(quiet) -j$(shell nproc) -C tools \
		O='$(programs)'

install: tools
	@scripts/install $(KERNEL)

uninstall:
	@scripts/install -u

deb:
	@scripts/deb

check:
	@scripts/check.sh $(GATES)

test: tools
	@tests/run --kernel $(K) $(if $(JOBS),--jobs $(JOBS)) $(TESTS)

fuzz:
	@scripts/fuzz $(FUZZ)

demo: tools
	@scripts/deps demo test
	@scripts/build $(K) -s > /dev/null
	@$(vm) -- scripts/demo

bench: tools
	@scripts/deps bench test
	@scripts/build $(K) -s > /dev/null
	@scripts/build -d tests/bench $(K) -s > /dev/null
	@$(if $(filter checks,$(BENCH)),$(MAKE) --no-print-directory -s -C tests)
	@$(vm) --count -- tests/bench/run.sh $(BENCH)

scale: tools
	@scripts/deps bench test
	@scripts/build $(K) -s > /dev/null
	@scripts/build -d tests/bench $(K) -s > /dev/null
	@$(MAKE) --no-print-directory -s -C tests
	@$(vm) --count --memory 4096 --timeout 3600 -- tests/bench/scale.sh

shell: tools
	@scripts/build $(K) -s > /dev/null
	@$(vm) --shell

clean:
	rm -rf build

.PHONY: all help modules tools install uninstall deb check test fuzz demo bench \
	scale shell clean
