# `make` builds the C libraries with cargo alone, `make install` puts them where C programs look for them; see README.md.
# Needed: cargo, GNU make, a C compiler, binutils.

PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
# The root of another file system, for packages.
DESTDIR =

CARGO = cargo
# `--no-default-features` for libraries without HTTP, `--target` and so on.
CARGO_FLAGS =

field = $(shell sed -n 's/^$(1) = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
version := $(call field,version)
major := $(firstword $(subst ., ,$(version)))
# Where cargo puts it, whatever in the environment or its configuration has moved that.
target_directory = $(shell $(CARGO) metadata --no-deps --format-version 1 | \
	sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
triple = $(patsubst --target=%,%/,$(filter --target=%,$(CARGO_FLAGS)))
built = $(target_directory)/$(triple)release
libdir = $(DESTDIR)$(LIBDIR)
includedir = $(DESTDIR)$(INCLUDEDIR)
cmakedir = $(DESTDIR)$(PREFIX)/share/cmake/oauth-token

all:
	$(CARGO) rustc --release --lib --crate-type cdylib,staticlib --features wiping-allocator $(CARGO_FLAGS)

install: all
	install -d "$(libdir)/pkgconfig" "$(includedir)" "$(cmakedir)"
	install -m 755 "$(built)/liboauth_token.so" "$(libdir)/liboauth_token.so.$(version)"
	ln -sf liboauth_token.so.$(version) "$(libdir)/liboauth_token.so.$(major)"
	ln -sf liboauth_token.so.$(version) "$(libdir)/liboauth_token.so"
	install -m 644 "$(built)/liboauth_token.a" "$(libdir)/liboauth_token.a"
	sh packaging/isolate-archive.sh "$(libdir)/liboauth_token.a"
	install -m 644 include/* "$(includedir)"
	install -m 644 packaging/cmake/* "$(cmakedir)"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(version)|' -e 's|@DESCRIPTION@|$(call field,description)|' \
	    -e 's|@LIBDIR@|$(LIBDIR:$(PREFIX)/%=$${prefix}/%)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR:$(PREFIX)/%=$${prefix}/%)|' \
	    -e 's|@LIBS_PRIVATE@|-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc|' \
	    packaging/oauth-token.pc.in >"$(libdir)/pkgconfig/oauth-token.pc"

.PHONY: all install
