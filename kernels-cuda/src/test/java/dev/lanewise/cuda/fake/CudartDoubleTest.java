package dev.lanewise.cuda.fake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory, copies, streams, events and captures, through the bindings. */
final class CudartDoubleTest {

  private static final int H2D = Cudart.cudaMemcpyHostToDevice();
  private static final int D2H = Cudart.cudaMemcpyDeviceToHost();
  private static final int INVALID_VALUE = 1;
  private static final int INVALID_HANDLE = 400;

  private final DriverDouble cuda = DriverDouble.install();
  private final Arena arena = Arena.ofConfined();

  @BeforeEach
  void anew() {
    cuda.reset();
  }

  @AfterEach
  void nothingWrong() {
    arena.close();
    cuda.assertNoProblems();
    cuda.assertNothingLives();
  }

  private static void ok(int status) {
    assertEquals(0, status);
  }

  /** The single problem, which is expected. */
  private void problem(String part) {
    var problems = cuda.takeProblems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(part), problems.getFirst());
  }

  private MemorySegment malloc(long bytes) {
    MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
    ok(Cudart.cudaMalloc(pointer, bytes));
    return pointer.get(Cudart.C_POINTER, 0);
  }

  private MemorySegment pinned(long bytes) {
    MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
    ok(Cudart.cudaMallocHost(pointer, bytes));
    return pointer.get(Cudart.C_POINTER, 0).asSlice(0, bytes);
  }

  private MemorySegment stream(int flags) {
    MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
    ok(Cudart.cudaStreamCreateWithFlags(pointer, flags));
    return pointer.get(Cudart.C_POINTER, 0);
  }

  private MemorySegment event() {
    MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
    ok(Cudart.cudaEventCreate(pointer));
    return pointer.get(Cudart.C_POINTER, 0);
  }

  private MemorySegment ints(int... values) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, values);
  }

  private int[] read(MemorySegment device, int count) {
    MemorySegment host = arena.allocate(ValueLayout.JAVA_INT, count);
    ok(Cudart.cudaMemcpy(host, device, host.byteSize(), D2H));
    return host.toArray(ValueLayout.JAVA_INT);
  }

  @Test
  void theLibraryIsTheDouble() {
    assertEquals("driver double", CudaLibrary.CUDART.source());
    MemorySegment number = arena.allocate(Cudart.C_INT);
    ok(Cudart.cudaRuntimeGetVersion(number));
    assertEquals(12060, number.get(Cudart.C_INT, 0));
    ok(Cudart.cudaGetDeviceCount(number));
    assertEquals(1, number.get(Cudart.C_INT, 0));
    assertEquals("cudaErrorMemoryAllocation", Cudart.cudaGetErrorName(2).getString(0));
    assertTrue(Cudart.cudaGetErrorString(2).getString(0).contains("in words"));
    assertEquals(100 + 1, Cudart.cudaSetDevice(1));
    assertEquals(101, Cudart.cudaPeekAtLastError());
    assertEquals(101, Cudart.cudaGetLastError());
    assertEquals(0, Cudart.cudaGetLastError());
  }

  @Test
  void theMajorOfTheDeviceIsSettable() {
    cuda.computeCapability(9, 0).memoryPools(false);
    MemorySegment value = arena.allocate(Cudart.C_INT);
    ok(Cudart.cudaDeviceGetAttribute(value, Cudart.cudaDevAttrComputeCapabilityMajor(), 0));
    assertEquals(9, value.get(Cudart.C_INT, 0));
    MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
    assertEquals(801, Cudart.cudaMallocAsync(pointer, 4, MemorySegment.NULL));
  }

  @Test
  void copiesGoThereAndBack() {
    MemorySegment device = malloc(12);
    ok(Cudart.cudaMemcpy(device, ints(1, 2, 3), 12, H2D));
    MemorySegment other = malloc(12);
    ok(Cudart.cudaMemcpy(other, device, 12, Cudart.cudaMemcpyDefault()));
    assertArrayEquals(new int[] {1, 2, 3}, read(other, 3));
    ok(Cudart.cudaMemset(other, 0, 8));
    assertArrayEquals(new int[] {0, 0, 3}, read(other, 3));
    // The middle column of 3 rows of 3 bytes.
    MemorySegment columns = arena.allocate(3);
    ok(Cudart.cudaMemcpy2D(columns, 1, device, 4, 1, 3, D2H));
    assertArrayEquals(new byte[] {1, 2, 3}, columns.toArray(ValueLayout.JAVA_BYTE));
    ok(Cudart.cudaFree(device));
    ok(Cudart.cudaFree(other));
    assertEquals(2, cuda.calls("cudaMalloc"));
  }

  @Test
  void aWrongCopyIsAnErrorAndAProblem() {
    MemorySegment device = malloc(12);
    MemorySegment host = ints(1, 2, 3);
    assertEquals(INVALID_VALUE, Cudart.cudaMemcpy(device, host, 16, H2D));
    problem("cudaMemcpy: 16 bytes at 0x10000");
    assertEquals(INVALID_VALUE, Cudart.cudaMemcpy(host, device, 12, H2D));
    problem("looks like a host pointer");
    assertEquals(INVALID_VALUE, Cudart.cudaMemcpy(device, device, 12, D2H));
    problem("looks like a device address");
    assertEquals(
        INVALID_VALUE,
        Cudart.cudaMemcpy(device.asSlice(4), device, 8, Cudart.cudaMemcpyDeviceToDevice()));
    problem("overlap");
    ok(Cudart.cudaFree(device));
    assertEquals(INVALID_VALUE, Cudart.cudaFree(device));
    problem("freed block");
  }

  @Test
  void memoryIsLimited() {
    cuda.totalMemory(1_000);
    MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
    assertEquals(2, Cudart.cudaMalloc(pointer, 1_001));
    MemorySegment block = malloc(600);
    MemorySegment free = arena.allocate(Cudart.C_LONG_LONG);
    MemorySegment total = arena.allocate(Cudart.C_LONG_LONG);
    ok(Cudart.cudaMemGetInfo(free, total));
    assertEquals(400, free.get(Cudart.C_LONG_LONG, 0));
    assertEquals(1_000, total.get(Cudart.C_LONG_LONG, 0));
    assertTrue(cuda.live().startsWith("1 blocks, 600 bytes: [block of 600 bytes"), cuda.live());
    assertThrows(AssertionError.class, cuda::assertNothingLives);
    ok(Cudart.cudaFree(block));
  }

  @Test
  void aFaultComesWhenItIsOrdered() {
    cuda.fail("cudaMalloc", 2, 700);
    MemorySegment block = malloc(4);
    assertEquals(700, Cudart.cudaMalloc(arena.allocate(Cudart.C_POINTER), 4));
    assertEquals(700, Cudart.cudaGetLastError());
    ok(Cudart.cudaFree(block));
    assertThrows(IllegalArgumentException.class, () -> cuda.fail("cudaMallok", 1));
    assertThrows(IllegalArgumentException.class, () -> cuda.fail("cudaGetErrorName", 1));
    assertEquals(
        "cudaFree(0x" + Long.toHexString(block.address()) + ") = 0", "" + cuda.calls().getLast());
  }

  @Test
  void aHandleIsCheckedForKindAndLife() {
    MemorySegment stream = stream(0);
    assertEquals(INVALID_HANDLE, Cudart.cudaEventDestroy(stream));
    problem("it is a CudaStream");
    ok(Cudart.cudaStreamDestroy(stream));
    assertEquals(INVALID_HANDLE, Cudart.cudaStreamDestroy(stream));
    problem("it is a destroyed CudaStream");
    assertEquals(INVALID_HANDLE, Cudart.cudaStreamSynchronize(MemorySegment.ofAddress(12)));
    problem("no handle at all");
  }

  @Test
  void lazyWorkWaitsForSomebodyToWait() {
    cuda.lazy(true);
    MemorySegment stream = stream(Cudart.cudaStreamNonBlocking());
    MemorySegment device = malloc(4);
    MemorySegment host = pinned(4);
    host.set(ValueLayout.JAVA_INT, 0, 1);
    ok(Cudart.cudaMemcpyAsync(device, host, 4, H2D, stream));
    // Too early: this is what arrives.
    host.set(ValueLayout.JAVA_INT, 0, 2);
    assertArrayEquals(new int[] {0xA5A5A5A5}, read(device, 1));
    assertEquals(600, Cudart.cudaStreamQuery(stream));
    ok(Cudart.cudaStreamQuery(stream));
    assertArrayEquals(new int[] {2}, read(device, 1));
    // What is not pinned is read at once, and written at once.
    MemorySegment pageable = ints(3);
    ok(Cudart.cudaMemcpyAsync(device, pageable, 4, H2D, stream));
    pageable.set(ValueLayout.JAVA_INT, 0, 4);
    ok(Cudart.cudaMemcpyAsync(pageable, device, 4, D2H, stream));
    assertEquals(3, pageable.get(ValueLayout.JAVA_INT, 0));
    ok(Cudart.cudaStreamDestroy(stream));
    ok(Cudart.cudaFree(device));
    ok(Cudart.cudaFreeHost(host));
    assertEquals(INVALID_VALUE, Cudart.cudaFreeHost(host));
    problem("freed already");
  }

  @Test
  void theDefaultStreamWaitsForStreamsThatBlock() {
    cuda.lazy(true);
    MemorySegment stream = stream(Cudart.cudaStreamDefault());
    MemorySegment device = malloc(4);
    ok(Cudart.cudaMemsetAsync(device, 0, 4, stream));
    assertArrayEquals(new int[] {0}, read(device, 1));
    ok(Cudart.cudaFree(device));
    ok(Cudart.cudaStreamDestroy(stream));
  }

  @Test
  void aStreamWaitsForAnEventOfAnother() {
    cuda.lazy(true);
    MemorySegment writer = stream(Cudart.cudaStreamNonBlocking());
    MemorySegment reader = stream(Cudart.cudaStreamNonBlocking());
    MemorySegment device = malloc(4);
    MemorySegment host = pinned(4);
    MemorySegment start = event();
    MemorySegment end = event();
    ok(Cudart.cudaEventRecord(start, writer));
    ok(Cudart.cudaMemsetAsync(device, 0, 4, writer));
    ok(Cudart.cudaEventRecord(end, writer));
    MemorySegment elapsed = arena.allocate(Cudart.C_FLOAT);
    assertEquals(600, Cudart.cudaEventElapsedTime(elapsed, start, end));
    ok(Cudart.cudaStreamWaitEvent(reader, end, 0));
    ok(Cudart.cudaMemcpyAsync(host, device, 4, D2H, reader));
    assertEquals(0xA5A5A5A5, host.get(ValueLayout.JAVA_INT, 0));
    ok(Cudart.cudaStreamSynchronize(reader));
    assertEquals(0, host.get(ValueLayout.JAVA_INT, 0));
    ok(Cudart.cudaEventSynchronize(end));
    ok(Cudart.cudaEventElapsedTime(elapsed, start, end));
    assertTrue(elapsed.get(Cudart.C_FLOAT, 0) > 0);
    ok(Cudart.cudaEventDestroy(start));
    ok(Cudart.cudaEventDestroy(end));
    ok(Cudart.cudaStreamDestroy(writer));
    ok(Cudart.cudaStreamDestroy(reader));
    ok(Cudart.cudaFree(device));
    ok(Cudart.cudaFreeHost(host));
  }

  @Test
  void thePoolCountsAndAFreedBlockEndsInStreamOrder() {
    cuda.lazy(true).totalMemory(64);
    MemorySegment stream = stream(Cudart.cudaStreamNonBlocking());
    MemorySegment pool = arena.allocate(Cudart.C_POINTER);
    ok(Cudart.cudaDeviceGetDefaultMemPool(pool, 0));
    pool = pool.get(Cudart.C_POINTER, 0);
    MemorySegment pointer = arena.allocate(Cudart.C_POINTER);
    ok(Cudart.cudaMallocAsync(pointer, 48, stream));
    MemorySegment block = pointer.get(Cudart.C_POINTER, 0);
    ok(Cudart.cudaMemsetAsync(block, 0, 48, stream));
    ok(Cudart.cudaFreeAsync(block, stream));
    assertEquals(INVALID_VALUE, Cudart.cudaFreeAsync(block, stream));
    problem("is being freed already");
    // There is room for it only because the block before is freed in the same stream.
    ok(Cudart.cudaMallocAsync(pointer, 32, stream));
    ok(Cudart.cudaFreeAsync(pointer.get(Cudart.C_POINTER, 0), stream));
    ok(Cudart.cudaDeviceSynchronize());
    MemorySegment value = arena.allocate(Cudart.C_LONG_LONG);
    ok(Cudart.cudaMemPoolGetAttribute(pool, Cudart.cudaMemPoolAttrUsedMemHigh(), value));
    assertEquals(48, value.get(Cudart.C_LONG_LONG, 0));
    ok(Cudart.cudaMemPoolTrimTo(pool, 0));
    ok(Cudart.cudaMemPoolGetAttribute(pool, Cudart.cudaMemPoolAttrReservedMemCurrent(), value));
    assertEquals(0, value.get(Cudart.C_LONG_LONG, 0));
    ok(Cudart.cudaMemPoolSetAttribute(pool, Cudart.cudaMemPoolAttrReleaseThreshold(), value));
    ok(Cudart.cudaStreamDestroy(stream));
  }

  @Test
  void aUseAfterAFreeInTheSameStreamFailsWhenItRuns() {
    cuda.lazy(true);
    MemorySegment stream = stream(Cudart.cudaStreamNonBlocking());
    MemorySegment block = malloc(4);
    ok(Cudart.cudaFreeAsync(block, stream));
    ok(Cudart.cudaMemsetAsync(block, 0, 4, stream));
    assertEquals(700, Cudart.cudaStreamSynchronize(stream));
    problem("cudaStreamSynchronize: cudaMemsetAsync: 4 bytes at");
    ok(Cudart.cudaStreamDestroy(stream));
  }
}
