package dev.lanewise.cuda.simt;

import static dev.lanewise.cuda.simt.Programs.assertFault;
import static dev.lanewise.cuda.simt.Programs.assertLeaves;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryTest {
  private static final String SUM =
      """
      extern "C" __global__ void __launch_bounds__(64) k(const float* __restrict__ x, float* out, int n) {
        __shared__ float part[64];
        float sum = 0.0f;
        for (int i = threadIdx.x; i < n; i += blockDim.x) {
          sum += x[blockIdx.x * n + i];
        }
        part[threadIdx.x] = sum;
        __syncthreads();
        for (int half = 32; half > 0; half /= 2) {
          if (threadIdx.x < half) {
            part[threadIdx.x] += part[threadIdx.x + half];
          }
          %s
        }
        if (threadIdx.x == 0) {
          out[blockIdx.x] = part[0];
        }
      }
      """;

  @Test
  void blocksReduceInSharedMemory() {
    PlainMemory memory = new PlainMemory();
    float[] x = new float[300];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    long out = memory.floats(new float[3]);
    Programs.launch(SUM.formatted("__syncthreads();"), 3, 64, memory, memory.floats(x), out, 100);
    assertArrayEquals(new float[] {4950, 14950, 24950}, memory.floats(out));
  }

  @Test
  void aMissingBarrierIsARace() {
    PlainMemory memory = new PlainMemory();
    long x = memory.floats(new float[100]);
    SimtFault fault =
        assertThrows(
            SimtFault.class,
            () -> Programs.launch(SUM.formatted(""), 1, 64, memory, x, memory.allocate(4), 100));
    assertEquals(11, fault.line());
    assertTrue(
        fault
            .reason()
            .startsWith("race: reads element 16 of float part[64], which thread 16 writes"),
        fault.reason());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | 4  | race: writes element 0       | __shared__ int s[4]; s[0] = threadIdx.x;
          1 | 4  | race: reads element 1        | __shared__ int s[5]; s[threadIdx.x] = 1; out[threadIdx.x] = s[threadIdx.x + 1 & 3];
          1 | 4  | more than one thread reads   | __shared__ int s[4]; s[threadIdx.x] = 1; __syncthreads(); out[threadIdx.x] = s[0]; s[threadIdx.x] = 2;
          1 | 4  | before it has a value        | __shared__ int s[4]; out[threadIdx.x] = s[threadIdx.x];
          2 | 1  | before it has a value        | __shared__ int s[4]; if (blockIdx.x == 0) s[0] = 1; out[blockIdx.x] = s[0];
          1 | 4  | 1 of 4 threads               | if (threadIdx.x == 2) __syncthreads();
          1 | 4  | 3 of 4 threads               | if (threadIdx.x != 2) __syncthreads();
          1 | 4  | 2 of 3 threads               | if (threadIdx.x == 2) return; if (threadIdx.x > 0) __syncthreads();
          1 | 4  | 3 of 4 threads               | for (int i = 0; i < 3 + (threadIdx.x == 1); i--) { if (threadIdx.x == i + 1) break; __syncthreads(); }
          1 | 4  | race: writes address         | out[0] = threadIdx.x;
          1 | 4  | race: reads address          | out[threadIdx.x] = 1; out[8 + threadIdx.x] = out[3 - threadIdx.x];
          4 | 1  | race: reads address          | out[blockIdx.x] = out[0]; out[0] = 4;
          4 | 1  | race: writes address         | __syncthreads(); out[3] = blockIdx.x; __syncthreads();
          2 | 1  | thread 0 of block 0 reads    | if (blockIdx.x == 0) out[1] = out[0]; else out[0] = 7;
          1 | 1  | x is read before             | int x; out[0] = x;
          1 | 4  | x is read before             | int x; if (threadIdx.x < 3) x = 1; out[threadIdx.x] = x;
          1 | 1  | x is read before             | for (int i = 0; i < 2; i++) { int x; if (i == 0) x = 1; out[0] = x; }
          1 | 1  | element 1 of int a[2] before | int a[2]; a[0] = 1; out[0] = a[1];
          1 | 1  | element 2 of int a[2]        | int a[2] = {1, 2}; out[0] = a[2];
          1 | 1  | element -1 of int a[2]       | int a[2] = {1, 2}; int i = threadIdx.x - 1; out[0] = a[i];
          1 | 1  | takes elements of            | float a[2] = {1, 2}; out[0] = *(int*) a;
          1 | 1  | divided by 0                 | out[0] = 1 / out[0];
          1 | 1  | divided by 0                 | out[0] %= threadIdx.x;
          1 | 1  | shifted by 32 bits           | out[0] = 1 << 32 - threadIdx.x;
          1 | 1  | shifted by -1 bits           | out[0] = 1ll >> (int) threadIdx.x - 1;
          1 | 1  | a null pointer               | int* p = 0; *p = 1;
          1 | 1  | no multiple of 4             | int* p = (int*) ((unsigned char*) out + 2); *p = 1;
          1 | 1  | no multiple of 8             | double* p = (double*) (out + 1); *p = 1;
          1 | 65 | no block of memory there     | out[threadIdx.x] = 1;
          1 | 1  | outside of the block of 256  | double* p = (double*) out; p += 31; *(long long*) ((int*) p + 1) = 1;
          1 | 1  | no block of memory there     | out[0] = out[-1];
          1 | 1  | a bool that is 2             | unsigned char* p = (unsigned char*) out; *p = 2; out[1] = *(bool*) p;
          """)
  void faultsAreTold(int blocks, int threads, String reason, String body) {
    assertFault(reason, blocks, threads, body);
  }

  @Test
  void faultsNameThePlace() {
    SimtFault fault =
        assertFault("", 3, 2, "\nint i = blockIdx.x * 32 + threadIdx.x;\nout[i] = 1;");
    assertEquals(3, fault.line());
    assertEquals(
        "k: line 3, block (2, 0, 0), thread (0, 0, 0): writes int at address 0x10000000000100: no"
            + " block of memory there",
        fault.getMessage());
  }

  @Test
  void theSameBitsMayBeWrittenByAll() {
    assertLeaves(
        new int[] {3, 5},
        8,
        "",
        "__shared__ int s[1]; s[0] = 3; __syncthreads(); if (t == 0) out[0] = s[0]; out[1] = 5;");
  }

  @Test
  void barriersOrderGlobalMemoryInABlock() {
    assertLeaves(
        new int[] {3, 2, 1, 0},
        "out[t] = t; __syncthreads(); int x = out[3 - t]; __syncthreads(); out[t] = x;");
  }

  @Test
  void largeLaunchesAreNotSearchedForRaces() {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(4);
    assertDoesNotThrow(
        () -> Programs.run("*out = threadIdx.x;", "int* out", 65, 1024, memory, out));
    assertThrows(
        SimtFault.class,
        () -> Programs.run("*out = threadIdx.x;", "int* out", 64, 1024, memory, out));
  }

  @Test
  void manyAddressesAreWatched() {
    PlainMemory memory = new PlainMemory();
    long out = memory.allocate(4 * 20000);
    String body =
        "for (int i = threadIdx.x; i < 20000; i += 32) out[i] = i; %s out[19999 - threadIdx.x] ="
            + " 0;";
    Programs.run(body.formatted("__syncthreads();"), "int* out", 1, 32, memory, out);
    assertThrows(
        SimtFault.class, () -> Programs.run(body.formatted(""), "int* out", 1, 32, memory, out));
  }

  @Test
  void smallTypesTakeTheirBytes() {
    PlainMemory memory = new PlainMemory();
    long bytes = memory.allocate(16);
    Programs.run(
        """
        int t = threadIdx.x;
        unsigned char* p = (unsigned char*) q;
        p[t] = 250 + t;
        ((short*) q)[2 + t] = -1 - t;
        ((bool*) q)[8 + t] = t;
        ((unsigned short*) q)[6 + t] = 65535 + t;
        p[10 + t] = (((short*) q)[2 + t] < 0) + (((unsigned short*) q)[6 + t] >= 0);\
        """,
        "void* q",
        1,
        2,
        memory,
        bytes);
    assertArrayEquals(
        new byte[] {-6, -5, 0, 0, -1, -1, -2, -1, 0, 1, 2, 2, -1, -1, 0, 0},
        memory.bytes(bytes).toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void constantAndLocalArraysAreRead() {
    assertLeaves(
        new int[] {5, 7, 0, 12},
        4,
        "typedef unsigned long long u64;\n"
            + "__constant__ const u64 table[3] = {5, 3 + 4,};\n"
            + "__device__ inline u64 sum(const u64* x, int n) { u64 s = 0; for (int i = 0; i < n;"
            + " i++) s += x[i]; return s; }",
        "u64 mine[3]; for (int i = 0; i < 3; i++) mine[i] = table[i]; out[t] = t < 3 ? mine[t] :"
            + " sum(mine, 3) + sum(table, 3) - 12;");
  }
}
