#!/bin/sh
# isolate-archive.sh ARCHIVE: leaves the library's own functions visible in a static library, and hides all else.
#
# As the compiler makes it, the archive also offers the Rust standard library, its allocator and the C code of ring to the
# whole program, and clashes with the next Rust archive there. Linked into one object file, of which only `oauth_…` can be
# seen, it has nothing to do with others.
#
# Needs readelf, ld, objcopy and ar of binutils; READELF, LD, OBJCOPY and AR name others, as for another processor. On macOS,
# for macOS, it needs what Xcode's command line tools have; where READELF is set, the archive is for another system.
set -eu

archive=${1:?usage: isolate-archive.sh ARCHIVE}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# $1: the functions that are to be seen, one a line.
isolate_elf() {
    # Groups would be merged by name with those of other archives, and the names are no longer there.
    # shellcheck disable=SC2046 # a word for each function
    "${LD:-ld}" -r --force-group-allocation $(printf -- '--undefined=%s ' $1) "$archive" -o "$work/oauth_token.o"
    # The compiler's intermediate code, where the archive holds any, is of no use to another linker.
    "${OBJCOPY:-objcopy}" --wildcard --keep-global-symbol='oauth_*' --strip-debug \
        --remove-section=.llvmbc --remove-section=.llvmcmd "$work/oauth_token.o"
}

# Apple's linker makes local whatever is not exported, as long as it is not told to keep it.
isolate_mach_o() {
    printf '%s\n' $1 >"$work/exported"
    # shellcheck disable=SC2046
    "${CC:-cc}" -r -nostdlib $(printf -- '-Wl,-u,%s ' $1) -Wl,-exported_symbols_list,"$work/exported" "$archive" \
        -o "$work/oauth_token.o"
    strip -S "$work/oauth_token.o"
}

case $(uname)${READELF:-} in
Darwin)
    form=mach_o
    functions=$(nm -gU "$archive" 2>/dev/null | awk '$2 == "T" && $3 ~ /^_oauth_/ { print $3 }' | sort -u)
    ;;
*)
    form=elf
    functions=$("${READELF:-readelf}" --wide --syms "$archive" |
        awk '$5 == "GLOBAL" && $7 != "UND" && $8 ~ /^oauth_/ { print $8 }' | sort -u)
    ;;
esac
[ -n "$functions" ] || { echo "There is no oauth_ function in $archive." >&2; exit 1; }
"isolate_$form" "$functions"
"${AR:-ar}" rcs "$work/isolated.a" "$work/oauth_token.o"
cat "$work/isolated.a" >"$archive"
