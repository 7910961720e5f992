#!/usr/bin/env bash
# Compares the project's fact headers with the headers of an installed toolkit, by asking the C compiler.
# Usage: check-headers.sh CUDA_INCLUDE_DIR [CUDNN_INCLUDE_DIR]
# HEADERS: folder of the fact headers (src/main/headers).  CC: the C compiler (cc).
# Each fact header must compile by itself; each prototype is declared again beside the real one, each constant, struct field and handle is asserted.
# Exit: 0 all agree, 1 something differs, 2 nothing could be checked.
set -u
cuda=${1:?usage: check-headers.sh CUDA_INCLUDE_DIR [CUDNN_INCLUDE_DIR]}
cudnn=${2:--}; HEADERS=${HEADERS:-src/main/headers}; CC=${CC:-cc}
tmp=$(mktemp -d) || exit 2; trap 'rm -rf "$tmp"' EXIT
checked=0; bad=0
check() { # fact header, real header, folder that must hold it, further include folders
    local ours=$HEADERS/$1 real=$2 dir=$3 inc=() d; shift 3
    if [ ! -f "$ours" ] || [ ! -f "$dir/$real" ]; then
        printf '%-14s not checked: %s\n' "${ours##*/}" "$( [ -f "$ours" ] && echo "no $dir/$real" || echo "no $ours" )"; return; fi
    for d in "$dir" "$@"; do [ "$d" != - ] && inc+=(-I "$d"); done
    "$CC" -std=gnu11 -fsyntax-only -w -x c "$ours" || { bad=$((bad + 1)); printf '%-14s does not compile by itself\n' "${ours##*/}"; return; }
    { echo '#include <stddef.h>'; echo '#include <stdint.h>'; echo "#include \"$real\""
      perl -0777 -ne '
        s{/\*.*?\*/}{}gs; my ($f,$c,$s,$h) = (0)x4;
        my @f = /^[\w ]+[ *](\w+)\([^;{}]*\);/gm; $f = @f;
        print "const void *const facts_used[] = {", join(", ", map { "(const void *)$_" } @f), "};\n";  # each must exist there
        s{^\#define\s+(\w+)\s+(\(\(.*\)\s*(-?\d+)\))\s*$}{$c++; "_Static_assert((long)$1 == $3, \"$1\");"}gem; s{^\#.*$}{}gm;
        s{(typedef\s+)?enum(\s+\w+)?\s*\{(.*?)\}\s*\w*\s*;}{ my $b=$3; my $r="";
            while ($b =~ /(\w+)\s*=\s*(-?\w+)/g) { $c++; $r .= "_Static_assert((long long)($1) == $2, \"$1\");\n" } $r }gse;
        s{typedef\s+struct(\s+\w+)?\s*\{(.*?)\}\s*(\w+)\s*;}{ my ($b,$t)=($2,$3); $s++;
            my $r="struct facts_$t {$b};\n_Static_assert(sizeof(struct facts_$t) == sizeof($t), \"size of $t\");\n";
            while ($b =~ /(\w+)\s*(\[\w+\])?\s*;/g) { $r .= "_Static_assert(offsetof(struct facts_$t, $1) == offsetof($t, $1)"
                ." && sizeof(((struct facts_$t *)0)->$1) == sizeof((($t *)0)->$1), \"$t.$1\");\n" } $r }gse;
        s{typedef\s+[^;{}]*\*\s*(\w+)\s*;}{ $h++; "_Static_assert(sizeof($1) == sizeof(void *), \"handle $1\"); extern $1 facts_$1;\n" }gse;
        print;
        open my $n, ">", "'"$tmp/n"'"; print $n "$f functions, $c constants, $s structs, $h handles";' "$ours"
    } > "$tmp/check.c"
    if "$CC" -std=gnu11 -fsyntax-only -w -Werror=incompatible-pointer-types "${inc[@]}" -x c "$tmp/check.c" 2> "$tmp/err"; then
        checked=$((checked + 1)); printf '%-14s agrees with %s: %s\n' "${ours##*/}" "$dir/$real" "$(cat "$tmp/n")"
    else bad=$((bad + 1)); printf '%-14s DIFFERS from %s\n' "${ours##*/}" "$dir/$real"; grep -E 'error' "$tmp/err" | head -20; fi
}
check cudart.h      cuda_runtime_api.h "$cuda"
check cuda_driver.h cuda.h             "$cuda"
check cublas.h      cublas_v2.h        "$cuda"
check cublaslt.h    cublasLt.h         "$cuda"
check nvrtc.h       nvrtc.h            "$cuda"
[ "$cudnn" != - ] && check cudnn.h     cudnn.h "$cudnn" "$cuda"
[ $bad -eq 0 ] || exit 1
[ $checked -gt 0 ] || { echo "nothing checked" >&2; exit 2; }
