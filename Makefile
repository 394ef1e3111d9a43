# `make` builds the C libraries with cargo alone, `make install` puts them where C programs look for them; see README.md.
# Needed: cargo, GNU make, a C compiler, binutils.

PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
# The root of another file system, for packages.
DESTDIR =

CARGO = cargo
# `--no-default-features` for libraries without HTTP, and so on.
CARGO_FLAGS =
# Which platform to build for, as cargo calls it, such as aarch64-unknown-linux-gnu; without it, as cargo is configured.
TARGET = $(CARGO_BUILD_TARGET)

field = $(shell sed -n 's/^$(1) = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
version := $(call field,version)
major := $(firstword $(subst ., ,$(version)))
# Where cargo puts it, whatever in the environment or its configuration has moved that.
target_directory = $(shell $(CARGO) metadata --no-deps --format-version 1 | \
	sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
built = $(target_directory)/$(if $(TARGET),$(TARGET)/)release
libdir = $(DESTDIR)$(LIBDIR)
includedir = $(DESTDIR)$(INCLUDEDIR)
cmakedir = $(DESTDIR)$(PREFIX)/share/cmake/oauth-token
# $(call below,DIRECTORY,ROOT): a directory below the prefix as one below another root. Its name may have spaces.
below = $(subst ^,,$(subst ^$(PREFIX)/,$(2),^$(1)))
# As pkg-config reads it, for sed to write.
empty =
escaped = $(subst $(empty) ,\\ ,$(1))

all:
	$(if $(filter --target%,$(CARGO_FLAGS)),$(error name the platform by TARGET=, not in CARGO_FLAGS))
	$(CARGO) rustc --release --lib --crate-type cdylib,staticlib --features wiping-allocator \
	    $(if $(TARGET),--target $(TARGET)) $(CARGO_FLAGS)

install: all
	install -d "$(libdir)/pkgconfig" "$(includedir)" "$(cmakedir)"
	install -m 755 "$(built)/liboauth_token.so" "$(libdir)/liboauth_token.so.$(version)"
	ln -sf liboauth_token.so.$(version) "$(libdir)/liboauth_token.so.$(major)"
	ln -sf liboauth_token.so.$(version) "$(libdir)/liboauth_token.so"
	install -m 644 "$(built)/liboauth_token.a" "$(libdir)/liboauth_token.a"
	sh packaging/isolate-archive.sh "$(libdir)/liboauth_token.a"
	install -m 644 include/* "$(includedir)"
	install -m 644 packaging/cmake/* "$(cmakedir)"
	sed -e 's|^set(_oauth_token_includedir .*|set(_oauth_token_includedir "$(call below,$(INCLUDEDIR))")|' \
	    -e 's|^set(_oauth_token_libdirs .*|set(_oauth_token_libdirs "$(call below,$(LIBDIR))")|' \
	    packaging/cmake/oauth-token-config.cmake >"$(cmakedir)/oauth-token-config.cmake"
	sed -e 's|@PREFIX@|$(call escaped,$(PREFIX))|' -e 's|@VERSION@|$(version)|' -e 's|@DESCRIPTION@|$(call field,description)|' \
	    -e 's|@LIBDIR@|$(call escaped,$(call below,$(LIBDIR),$${prefix}/))|' -e 's|@INCLUDEDIR@|$(call escaped,$(call below,$(INCLUDEDIR),$${prefix}/))|' \
	    -e 's|@LIBS_PRIVATE@|-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc|' \
	    packaging/oauth-token.pc.in >"$(libdir)/pkgconfig/oauth-token.pc"

.PHONY: all install
