package dev.lanewise.cuda.simt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random kernels give the same bits here and compiled by a C++ compiler, one thread after another.
 */
class CompilerDifferentialTest {
  private static final int KERNELS = 60;
  private static final int THREADS = 24;
  private static final String[] INTEGERS = {"a", "b", "u", "l", "m", "c", "s", "w"};
  private static final String[] FLOATS = {"f", "g", "d"};
  private static final int RESULTS = INTEGERS.length + FLOATS.length;
  private static final String[] CASTS = {
    "int",
    "unsigned int",
    "long long",
    "unsigned long long",
    "unsigned char",
    "short",
    "unsigned short",
    "bool"
  };

  private static final String HEAD =
      """
      int t = threadIdx.x;
      int a = in[t]; int b = in[t + 1]; unsigned int u = in[t + 2]; long long l = (long long) in[t + 3] * in[t + 4];
      unsigned long long m = (unsigned long long) in[t + 5] << 31 ^ in[t + 6];
      unsigned char c = in[t + 7]; short s = in[t + 8]; unsigned short w = in[t + 9];
      float f = in[t + 10] * 1e-7f; float g = in[t + 11]; double d = in[t + 12] / 3e5;
      """;

  private final Random random = new Random(20);
  private int loops;

  @Test
  void randomKernelsGiveTheCompilersBits(@TempDir Path folder)
      throws IOException, InterruptedException {
    assumeTrue(hasCompiler(), "no g++ on the path");
    StringBuilder kernels = new StringBuilder();
    StringBuilder calls = new StringBuilder();
    for (int k = 0; k < KERNELS; k++) {
      kernels
          .append(
              "extern \"C\" __global__ void __launch_bounds__(64) k"
                  + k
                  + "(const int* in, long long* out) {\n")
          .append(HEAD)
          .append(statements(3));
      for (int i = 0; i < RESULTS; i++) {
        String value =
            i < INTEGERS.length
                ? "(long long) " + INTEGERS[i]
                : "__double_as_longlong((double) " + FLOATS[i - INTEGERS.length] + ")";
        kernels.append("out[t * " + RESULTS + " + " + i + "] = " + value + ";\n");
      }
      kernels.append("}\n");
      calls.append("run(k" + k + ");\n");
    }
    int[] in = new int[THREADS + 13];
    for (int i = 0; i < in.length; i++) {
      in[i] = i % 3 == 0 ? random.nextInt() : random.nextInt(41) - 20;
    }
    long[] expected = compiled(folder, kernels.toString(), calls.toString(), in);
    SimtProgram program = SimtProgram.parse(kernels.toString());
    for (int k = 0; k < KERNELS; k++) {
      PlainMemory memory = new PlainMemory();
      long out = memory.allocate(8 * RESULTS * THREADS);
      program.launch(
          "k" + k,
          new int[] {1, 1, 1},
          new int[] {THREADS, 1, 1},
          new long[] {memory.ints(in), out},
          memory);
      long[] found = memory.longs(out);
      for (int i = 0; i < found.length; i++) {
        long wanted = expected[k * found.length + i];
        boolean nan = i % RESULTS >= INTEGERS.length && Double.isNaN(Node.asDouble(wanted));
        if (!nan || !Double.isNaN(Node.asDouble(found[i]))) {
          assertEquals(
              wanted,
              found[i],
              "result " + i % RESULTS + " of thread " + i / RESULTS + " in k" + k + kernels);
        }
      }
    }
  }

  private static boolean hasCompiler() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("g++", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static long[] compiled(Path folder, String kernels, String calls, int[] in)
      throws IOException, InterruptedException {
    Path source = folder.resolve("kernels.cpp");
    Path program = folder.resolve("kernels");
    Path output = folder.resolve("output");
    StringBuilder values = new StringBuilder();
    for (int value : in) {
      // The smallest int has no literal of its own.
      values.append("(int) " + value + "ll,");
    }
    Files.writeString(
        source,
        """
        #include <cstdio>
        #include <cstring>
        #define __global__
        #define __launch_bounds__(n)
        static struct { unsigned int x; } threadIdx;
        static long long __double_as_longlong(double x) { long long y; memcpy(&y, &x, 8); return y; }
        %s
        static const int in[] = {%s};
        static long long out[%d];
        static void run(void (*kernel)(const int*, long long*)) {
          for (threadIdx.x = 0; threadIdx.x < %d; threadIdx.x++) kernel(in, out);
          for (long long x : out) printf("%%lld\\n", x);
        }
        int main() {
        %s
        }
        """
            .formatted(kernels, values, RESULTS * THREADS, THREADS, calls));
    run(
        folder,
        "g++",
        "-std=c++17",
        "-fwrapv",
        "-ffp-contract=off",
        "-w",
        "-o",
        program.toString(),
        source.toString());
    run(folder, program.toString());
    return Files.readAllLines(output).stream().mapToLong(Long::parseLong).toArray();
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(List.of(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    assertEquals(true, ended, "ends in a minute");
    assertEquals(0, process.exitValue(), () -> text(output));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String pick(String... from) {
    return from[random.nextInt(from.length)];
  }

  private String statements(int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(3) + 2; i > 0; i--) {
      text.append(statement(depth)).append('\n');
    }
    return text.toString();
  }

  private String statement(int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(6);
    if (kind == 4) {
      return "if ("
          + integer(2)
          + ") {\n"
          + statements(depth - 1)
          + "} else {\n"
          + statements(depth - 1)
          + "}";
    }
    if (kind == 5) {
      String i = "i" + loops++;
      String leave =
          pick("", "if (" + integer(2) + ") break;", "if (" + integer(2) + ") continue;");
      return "for (int "
          + i
          + " = 0; "
          + i
          + " < ("
          + integer(1)
          + " & 7); "
          + i
          + "++) {\n"
          + statements(depth - 1)
          + leave
          + statements(depth - 1)
          + "}";
    }
    if (random.nextInt(3) == 0) {
      return pick(FLOATS) + pick(" = ", " += ", " -= ", " *= ", " /= ") + floating(3) + ";";
    }
    return pick(INTEGERS)
        + pick(" = ", " += ", " -= ", " *= ", " &= ", " |= ", " ^= ")
        + integer(3)
        + ";";
  }

  private String integer(int depth) {
    if (depth == 0) {
      return random.nextInt(4) > 0
          ? pick(INTEGERS)
          : pick("0", "1", "7u", "(-3)", "0x80000000", "123456789012ll", "5ull", "true");
    }
    String x = integer(depth - 1);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 ->
          "(" + x + pick(" + ", " - ", " * ", " & ", " | ", " ^ ") + integer(depth - 1) + ")";
      // Neither by 0 nor by -1, which a processor does not take with the smallest integer.
      case 3 -> "(" + x + pick(" / ", " % ") + "((" + integer(depth - 1) + " & 7) + 1))";
      case 4 -> "(" + x + pick(" << ", " >> ") + "(" + integer(depth - 1) + " & 15))";
      case 5 ->
          "(" + x + pick(" < ", " <= ", " > ", " >= ", " == ", " != ") + integer(depth - 1) + ")";
      case 6 ->
          "("
              + floating(depth - 1)
              + pick(" < ", " <= ", " > ", " >= ", " == ", " != ")
              + floating(depth - 1)
              + ")";
      case 7 -> "((" + pick(CASTS) + ") " + x + ")";
      case 8 -> "(" + pick("-", "~", "!", "+") + x + ")";
      default ->
          random.nextBoolean()
              ? "(" + x + " ? " + integer(depth - 1) + " : " + integer(depth - 1) + ")"
              : "(" + x + pick(" && ", " || ") + integer(depth - 1) + ")";
    };
  }

  private String floating(int depth) {
    if (depth == 0) {
      return random.nextInt(4) > 0
          ? pick(FLOATS)
          : pick("0.1f", "3.0", "(-1.5f)", "1e-3", "0x1p-20f");
    }
    String x = floating(depth - 1);
    return switch (random.nextInt(6)) {
      case 0, 1 -> "(" + x + pick(" + ", " - ", " * ", " / ") + floating(depth - 1) + ")";
      case 2 -> "(" + x + pick(" + ", " - ", " * ", " / ") + integer(depth - 1) + ")";
      case 3 ->
          "(("
              + pick("float", "double")
              + ") "
              + (random.nextBoolean() ? x : integer(depth - 1))
              + ")";
      case 4 -> "(-" + x + ")";
      default -> "(" + integer(depth - 1) + " ? " + x + " : " + floating(depth - 1) + ")";
    };
  }
}
