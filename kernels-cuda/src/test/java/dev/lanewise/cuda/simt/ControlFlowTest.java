package dev.lanewise.cuda.simt;

import static dev.lanewise.cuda.simt.Programs.assertLeaves;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ControlFlowTest {

  @Test
  void branchesDivergeAndMeet() {
    assertLeaves(
        new int[] {10, 21, 10, 21},
        "int x; if (t % 2 == 0) { x = 9; } else if (t < 0) x = 5; else { x = 20; } x++; out[t] ="
            + " x;");
  }

  @Test
  void theOtherBranchReadsNothing() {
    assertLeaves(
        new int[] {0, 7, 7, 7},
        "out[t] = 7; if (t == 0) out[t] = 0; else if (t > 100) out[t] = out[-1];");
    assertLeaves(new int[] {1, 0, 0}, "const int* p = 0; out[t] = t == 0 ? 1 : t > 9 && *p > 0;");
    assertLeaves(new int[] {4, 2, 1}, "out[t] = t == 0 ? 4 : 4 / (2 * t);");
  }

  @Test
  void loopsEndForEachThreadByItself() {
    assertLeaves(
        new int[] {0, 1, 3, 6, 10}, "int s = 0; for (int i = 0; i <= t; i++) s += i; out[t] = s;");
    assertLeaves(
        new int[] {1, 1, 2, 6, 24}, "int p = 1; int i = t; while (i > 1) p *= i--; out[t] = p;");
    assertLeaves(new int[] {1, 1, 2, 3}, "int i = 0; do { i++; } while (i < t); out[t] = i;");
  }

  @Test
  void breakAndContinueAreOfTheInnerLoop() {
    assertLeaves(
        new int[] {0, 2, 6, 12},
        """
        int s = 0;
        for (int i = 0; ; i++) {
          if (i == 4) break;
          for (int j = 0; j < 10; j++) {
            if (j < 5) continue;
            if (j == 7) break;
            s += i < t ? 1 : 0;
          }
          if (i < t) continue;
          if (t == 1) break;
          i += 0;
        }
        out[t] = t < 2 ? s : s * t / 2 + (t == 2 ? 2 : 3);\
        """);
  }

  @Test
  void aReturnLeavesTheKernelForOneThread() {
    assertLeaves(
        new int[] {0, 1, 2, 9, 9},
        "out[t] = 9; for (int i = 0; i < 3; i++) { if (i == t) { out[t] = i; return; } } out[t] ="
            + " 9;");
    assertLeaves(new int[] {5, 5, 0, 0}, "if (t >= 2) return; __syncthreads(); out[t] = 5;");
  }

  @Test
  void functionsReturnFromTheirMidst() {
    String functions =
        """
        __device__ inline int sign(int x) { if (x < 0) return -1; if (x == 0) { return 0; } return 1; }
        __device__ inline int firstMultiple(int x) {
          for (int i = 1; i < 100; i++) {
            if (i % x != 0) continue;
            return i;
          }
          return -1;
        }
        __device__ inline void put(int* p, int x) { if (x > 2) return; *p = x; }
        """;
    assertLeaves(new int[] {-1, 0, 1}, 3, functions, "out[t] = sign(t - 1);");
    assertLeaves(new int[] {1, 2, 3}, 3, functions, "out[t] = firstMultiple(t + 1);");
    assertLeaves(
        new int[] {1, 1, 0},
        3,
        functions,
        "out[t] = sign(sign(5 - t * 2) - sign(t - 2)); if (t == 2) out[t] = 0;");
    assertLeaves(
        new int[] {0, 1, 2, 0}, 4, functions, "put(out + t, t); if (t > 3) put(out, sign(t));");
  }

  @Test
  void conditionsHaveTheirEffectsOnce() {
    assertLeaves(
        new int[] {1, 11, 11},
        "int x = 0; bool b = t > 0 && (x += 10) > 0; x++; out[t] = x; if (b && t < 0) out[t] = 0;");
  }

  @Test
  void blocksKnowWhereTheyAre() {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(4 * 2 * 3 * 2 * 2 * 3 * 2);
    SimtProgram program =
        SimtProgram.parse(
            Programs.kernel(
                """
                unsigned int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
                unsigned int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
                unsigned int i = block * blockDim.x * blockDim.y * blockDim.z + thread;
                out[i] = n; n = blockIdx.x + 10 * threadIdx.x; out[i] += n;\
                """,
                "int* out, int n"));
    program.launch(
        "k", new int[] {2, 3, 2}, new int[] {2, 3, 2}, new long[] {out, 7L << 40 | 100}, memory);
    int[] expected = new int[144];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = 100 + i / 12 % 2 + 10 * (i % 2);
    }
    assertArrayEquals(expected, memory.ints(out));
  }

  @Test
  void aProgramRunsAgainWithOtherSizes() {
    SimtProgram program =
        SimtProgram.parse(
            Programs.kernel(
                "__shared__ int s[64]; s[threadIdx.x] = n; __syncthreads(); out[blockIdx.x *"
                    + " blockDim.x + threadIdx.x] = s[blockDim.x - 1 - threadIdx.x];",
                "int* out, int n"));
    for (int threads : new int[] {1, 64, 3}) {
      PlainMemory memory = new PlainMemory();
      long out = memory.allocate(8 * threads);
      program.launch(
          "k", new int[] {2, 1, 1}, new int[] {threads, 1, 1}, new long[] {out, threads}, memory);
      int[] expected = new int[2 * threads];
      Arrays.fill(expected, threads);
      assertArrayEquals(expected, memory.ints(out));
    }
  }
}
