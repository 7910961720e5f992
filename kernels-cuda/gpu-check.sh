#!/bin/sh
# Checks the CUDA backend on the GPU of this machine, and writes a report. See --help.
set -u

usage() {
  cat << 'END'
Checks Lanewise's CUDA backend on the NVIDIA GPU of this machine.

Usage: kernels-cuda/gpu-check.sh [--minutes N] [--only PART[,PART...]] [--report FILE] [--data-dir DIR]

  --minutes N      how long the soak trains (default: 10)
  --only PARTS     some parts alone, by their names below
  --report FILE    where the report goes (default: gpu-report.md in the present folder)
  --data-dir DIR   the folder of Fashion-MNIST, if it is not where Debian's package puts it

Parts:
  doctor           devices, libraries and their versions
  kit              the contract kit on the device, against the reference backend
  gradients        gradient checks of all tensor operations on the device
  digits           trains on the digits, on the device and on the processor
  fashion          trains the two networks of Fashion-MNIST on both
  bench            products, convolutions and elementwise loops beside the bare calls
  soak             trains for minutes: the same bits each time, and no more memory

A part that fails does not keep the others from running. The exit status is 0 if all
went well, 1 if a part failed, 2 if there is no GPU or an argument is wrong.
Needs a JDK 25 or newer, Maven, and what an earlier build has fetched; no network.
END
}

complain() {
  printf 'gpu-check: %s\n' "$1" >&2
  exit 2
}

parts='doctor kit gradients digits fashion bench soak'
minutes=10
only=
report=$PWD/gpu-report.md
data_dir=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      usage
      exit 0
      ;;
    --minutes | --only | --report | --data-dir)
      [ $# -ge 2 ] || complain "$1 needs a value; see --help"
      case $1 in
        --minutes)
          case $2 in
            '' | . | *[!0-9.]* | *.*.*) complain "--minutes: '$2' is no number of minutes, as 10 or 0.5" ;;
            *[1-9]*) ;;
            *) complain "--minutes: '$2' is no time to train in" ;;
          esac
          minutes=$2
          ;;
        --only)
          # Else nothing at all might run, and the report would say that all passed.
          case ,$2, in *,,* | *[!a-z,]*) complain "--only: '$2' is no list of parts, as doctor,kit; see --help" ;; esac
          only=,$2,
          ;;
        --report)
          [ -n "$2" ] || complain '--report needs the name of a file'
          case $2 in /*) report=$2 ;; *) report=$PWD/$2 ;; esac
          ;;
        --data-dir)
          [ -d "$2" ] || complain "--data-dir: '$2' is no folder"
          data_dir=$(CDPATH= cd -- "$2" && pwd) || complain "--data-dir: '$2' can not be entered"
          ;;
      esac
      shift 2
      ;;
    *) complain "unknown argument '$1'; see --help" ;;
  esac
done

if [ -n "$only" ]; then
  for name in $(printf '%s' "$only" | tr , ' '); do
    case " $parts " in *" $name "*) ;; *) complain "there is no part '$name'; there are: $parts" ;; esac
  done
fi

# Now, since the report is written when all has run, after half an hour or so.
if [ -d "$report" ] || ! [ -d "$(dirname -- "$report")" ]; then complain "--report: '$report' can not be a file"; fi
if [ -e "$report" ]; then writable=$report; else writable=$(dirname -- "$report"); fi
[ -w "$writable" ] || complain "--report: '$writable' can not be written"

# The folder of this script, through symbolic links.
self=$0
while [ -L "$self" ]; do
  link=$(readlink -- "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname -- "$self")/$link ;;
  esac
done
home=$(CDPATH= cd -- "$(dirname -- "$self")/.." && pwd -P) || exit 2
lanewise=$home/lanewise
work=$(mktemp -d) || complain 'cannot make a folder for intermediate files'
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Without a device, none of this makes sense: the backend says why.
"$lanewise" doctor > "$work/doctor.txt" 2> "$work/doctor.err"
answer=$(sed -n 's/^cuda  *//p' "$work/doctor.txt")
case $answer in
  available:*) ;;
  '')
    cat "$work/doctor.txt" "$work/doctor.err" >&2
    complain 'the command lanewise does not run here, see above'
    ;;
  *) complain "no GPU here: $answer" ;;
esac

# Known before the parts have run for minutes, not after.
(: >> "$report") 2> /dev/null || complain "cannot write $report; give another file with --report"

# JDK and class path are those of the launcher.
jdk=$(LANEWISE_JAVA_OPTS=-XshowSettings:properties "$lanewise" --version 2>&1 | sed -n 's/^ *java.home = //p')
java=$jdk/bin/java
class_path=
for jar in "$home"/*/target/launch/*.jar "$home"/bench/target/launch/lib/*.jar; do
  class_path=$class_path${class_path:+:}$jar
done
run_java() {
  "$java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp "$class_path" "$@"
}

# tests MODULE OPTION...: runs tests of a module, with all that it needs.
tests() {
  module=$1
  shift
  (cd "$home" && mvn -o -B -ntp -Pgpu -pl "$module" -am test "$@")
}

wanted() {
  case $only in '') return 0 ;; *,"$1",*) return 0 ;; *) return 1 ;; esac
}

failed=
# part NAME TITLE: runs the function part_NAME, and reports what it printed.
part() {
  wanted "$1" || return 0
  printf '%s ...' "$2"
  started=$(date +%s)
  if (part_"$1") > "$work/$1.log" 2>&1; then verdict=passed; else verdict=FAILED failed="$failed $1"; fi
  seconds=$(($(date +%s) - started))
  printf ' %s (%d s)\n' "$verdict" "$seconds"
  {
    printf '\n## %s: %s\n\n%d seconds.\n\n' "$2" "$verdict" "$seconds"
    if [ -s "$work/$1.md" ]; then cat "$work/$1.md"; fi
    # All that is short, and the end of what is long.
    printf '```\n'
    if [ "$verdict" = passed ]; then tail -n 40 "$work/$1.log"; else tail -n 200 "$work/$1.log"; fi
    printf '```\n'
  } >> "$work/report.md"
}

part_doctor() {
  cat "$work/doctor.txt"
  command -v nvidia-smi > /dev/null && nvidia-smi
  return 0
}

# ran PART TEST: whether a part's log shows that a test class ran: none at all is no success.
ran() {
  grep -q "Tests run: [1-9].*$2" "$work/$1.log" || { echo "$2 did not run"; return 1; }
}

part_kit() {
  tests kernels-cuda -Dtest.groups=gpu && ran kit CudaBackendGpuTest
}

part_gradients() {
  tests autodiff -Dtest='ElementwiseGradientTest,StructuralGradientTest,RecurrentTest,DeviceTensorTest' \
    -Dsurefire.failIfNoSpecifiedTests=false -Dlanewise.backend=cuda && ran gradients StructuralGradientTest
}

# accuracy FILE: what a training printed at its end.
accuracy() {
  sed -n 's/^test accuracy //p' "$1"
}

# both NAME ARGUMENT...: trains on the device and on the processor. The device must come within a hundredth.
both() {
  name=$1
  shift
  for device in cuda cpu; do
    echo "lanewise train $* --device $device"
    "$lanewise" train "$@" --device $device > "$work/$name-$device.txt" 2>&1
    status=$?
    tail -n 5 "$work/$name-$device.txt"
    [ $status -eq 0 ] || return 1
  done
  here=$(accuracy "$work/$name-cpu.txt")
  there=$(accuracy "$work/$name-cuda.txt")
  {
    printf '| %s | test accuracy | time |\n|---|---|---|\n' "$name"
    for device in cuda cpu; do
      printf '| %s | %s | %s |\n' $device "$(accuracy "$work/$name-$device.txt")" \
        "$(sed -n 's/^time //p; s/^epoch seconds \(.*\)/\1 s an epoch/p' "$work/$name-$device.txt")"
    done
    echo
  } >> "$work/$name.table"
  awk -v a="$here" -v b="$there" 'BEGIN { exit !(b != "" && b >= a - 0.01) }' ||
    { echo "the device's accuracy $there is more than 0.01 below the processor's $here"; return 1; }
}

part_digits() {
  both digits digits
  status=$?
  cat "$work"/digits.table > "$work/digits.md" 2> /dev/null
  return $status
}

part_fashion() {
  status=0
  for model in mlp cnn; do
    both "fashion-$model" fashion-mnist --model $model ${data_dir:+--data-dir "$data_dir"} || status=1
  done
  cat "$work"/fashion-*.table > "$work/fashion.md" 2> /dev/null
  return $status
}

part_bench() {
  run_java org.openjdk.jmh.Main -foe true -rf csv -rff "$work/jmh.csv" CudaBenchmark || return 1
  {
    printf '| operation | Lanewise, µs | bare call, µs | fraction |\n|---|---|---|---|\n'
    awk -F, '{ gsub(/"/, "") }
      NR > 1 {
        time = $5
        work = $8
        if ($1 ~ /lanewise$/) ours[work] = time; else bare[work] = time
        if (!(work in seen)) { seen[work] = 1; order[++count] = work }
      }
      END {
        for (i = 1; i <= count; i++) {
          work = order[i]
          printf "| %s | %s | %s | %.2f |\n", work, ours[work], bare[work], bare[work] / ours[work]
        }
      }' "$work/jmh.csv"
    printf '\nThe bare call of a ReLU is a copy: its fraction is that of the bandwidth of the memory.\n\n'
  } > "$work/bench.md"
}

part_soak() {
  run_java dev.lanewise.bench.Soak cuda "$minutes"
}

{
  printf '# The CUDA backend on a GPU\n\n'
  printf '%s, %s\n\n' "$(date -u '+%Y-%m-%d %H:%M UTC')" "$(uname -srm)"
  printf 'Device: %s\n\n' "${answer#available: }"
  printf 'Commit: %s\n' "$(git -C "$home" describe --always --dirty 2> /dev/null || echo unknown)"
} > "$work/report.md"

part doctor 'Machine and libraries'
part kit 'Contract kit'
part gradients 'Gradient checks'
part digits 'Digits'
part fashion 'Fashion-MNIST'
part bench 'Benchmarks'
part soak 'Soak'

if [ -n "$failed" ]; then
  printf '\n**Failed:%s**\n' "$failed" >> "$work/report.md"
else
  printf '\nAll parts passed.\n' >> "$work/report.md"
fi
cp "$work/report.md" "$report" || complain "cannot write $report"
echo "report: $report"
[ -z "$failed" ]
