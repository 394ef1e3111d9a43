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
# Where libraries have names of their own, and what a program needs beside the static one, as
# `rustc --print native-static-libs` says.
platform := $(or $(TARGET),$(shell rustc -vV | sed -n 's/^host: //p'))
system := $(or $(strip $(foreach each,windows apple musl,$(if $(findstring -$(each),$(platform)),$(each)))),elf)
alongside_elf = -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc
alongside_apple = -framework Security -framework CoreFoundation -liconv -lSystem -lc -lm
alongside_musl = -Wl,--eh-frame-hdr -lc
alongside_windows = -lbcrypt -ladvapi32 -lkernel32 -lntdll -luserenv -lws2_32 -ldbghelp

define install_shared_elf
	install -m 755 "$(built)/liboauth_token.so" "$(libdir)/liboauth_token.so.$(version)"
	ln -sf liboauth_token.so.$(version) "$(libdir)/liboauth_token.so.$(major)"
	ln -sf liboauth_token.so.$(version) "$(libdir)/liboauth_token.so"
endef

# Rust for musl makes a shared library only where it is told to link the C library so.
install_shared_musl = $(if $(shell [ -e "$(built)/liboauth_token.so" ] && echo yes),$(install_shared_elf))

# Programs look for it where its name says.
define install_shared_apple
	install -m 755 "$(built)/liboauth_token.dylib" "$(libdir)/liboauth_token.$(version).dylib"
	install_name_tool -id "$(LIBDIR)/liboauth_token.$(major).dylib" "$(libdir)/liboauth_token.$(version).dylib"
	ln -sf liboauth_token.$(version).dylib "$(libdir)/liboauth_token.$(major).dylib"
	ln -sf liboauth_token.$(version).dylib "$(libdir)/liboauth_token.dylib"
endef

# A DLL is looked for where programs are; they are linked with the import library.
define install_shared_windows
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$(built)/oauth_token.dll" "$(DESTDIR)$(PREFIX)/bin/oauth_token.dll"
	install -m 644 "$(built)/liboauth_token.dll.a" "$(libdir)/liboauth_token.dll.a"
endef

# As pkg-config reads it, for sed to write.
empty =
escaped = $(subst $(empty) ,\\ ,$(1))

all:
	$(if $(filter --target%,$(CARGO_FLAGS)),$(error name the platform by TARGET=, not in CARGO_FLAGS))
	$(CARGO) rustc --release --lib --crate-type cdylib,staticlib --features wiping-allocator \
	    $(if $(TARGET),--target $(TARGET)) $(CARGO_FLAGS)

install: all
	install -d "$(libdir)/pkgconfig" "$(includedir)" "$(cmakedir)"
	$(install_shared_$(system))
	install -m 644 "$(built)/liboauth_token.a" "$(libdir)/liboauth_token.a"
	$(if $(filter-out windows,$(system)),sh packaging/isolate-archive.sh "$(libdir)/liboauth_token.a")
	install -m 644 include/* "$(includedir)"
	install -m 644 packaging/cmake/* "$(cmakedir)"
	sed -e 's|^set(_oauth_token_includedir .*|set(_oauth_token_includedir "$(call below,$(INCLUDEDIR))")|' \
	    -e 's|^set(_oauth_token_libdirs .*|set(_oauth_token_libdirs "$(call below,$(LIBDIR))")|' \
	    packaging/cmake/oauth-token-config.cmake >"$(cmakedir)/oauth-token-config.cmake"
	sed -e 's|@PREFIX@|$(call escaped,$(PREFIX))|' -e 's|@VERSION@|$(version)|' -e 's|@DESCRIPTION@|$(call field,description)|' \
	    -e 's|@LIBDIR@|$(call escaped,$(call below,$(LIBDIR),$${prefix}/))|' -e 's|@INCLUDEDIR@|$(call escaped,$(call below,$(INCLUDEDIR),$${prefix}/))|' \
	    -e 's|@LIBS_PRIVATE@|$(alongside_$(system))|' \
	    packaging/oauth-token.pc.in >"$(libdir)/pkgconfig/oauth-token.pc"

.PHONY: all install
