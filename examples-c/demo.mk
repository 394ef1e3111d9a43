# `make demo` builds the library and the example that uses it into build/, without installing anything, and runs the example
# against a server that comes with the project. Needed: cargo, GNU make, a C compiler.

CFLAGS ?= -O2 -Wall -Wextra

# As cargo sees it, whatever in the environment or its configuration has moved it.
target_directory = $(shell cd .. && cargo metadata --no-deps --format-version 1 | \
	sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
# What cargo calls the library, and by what name a program looks for it.
ifeq ($(shell uname),Darwin)
library = liboauth_token.dylib
library_name = $(library)
else
library = liboauth_token.so
library_name = $(library).0
endif
built_library = $(target_directory)/release/$(library)

# Not a release build: that would share the library's output files, and each would rebuild the other's.
demo: build/demo/get_token
	cd .. && cargo build --example demo_server
	@sh demo.sh "$(target_directory)/debug/examples/demo_server"

# Apart from what `make` builds for an installed library.
build/demo/get_token: get_token.c ../include/oauth_token.h build/demo/$(library_name)
	$(CC) $(CPPFLAGS) -std=c99 $(CFLAGS) -I../include get_token.c -o $@ \
		$(LDFLAGS) -Lbuild/demo -loauth_token -Wl,-rpath,'$$ORIGIN'

# A copy: another build of the crate, without the C functions, would take the place of the original.
# Replaced only when it differs, and never written in place, since a program may be running with it.
build/demo/$(library_name): FORCE
	cd .. && cargo rustc --release --features capi --lib --crate-type cdylib
	@mkdir -p build/demo
	@cmp -s "$(built_library)" $@ || { cp "$(built_library)" $@.new && mv $@.new $@; }
	@[ -e build/demo/$(library) ] || ln -s $(library_name) build/demo/$(library)

FORCE:

.PHONY: demo FORCE
