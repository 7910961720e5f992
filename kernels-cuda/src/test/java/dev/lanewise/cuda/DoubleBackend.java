package dev.lanewise.cuda;

import dev.lanewise.cuda.fake.DriverDouble;

/** The CUDA backend on the double of its libraries. */
final class DoubleBackend {
  private DoubleBackend() {}

  /** {@return a backend on a double that is as in the beginning} */
  static CudaBackend open() {
    DriverDouble.install().reset();
    return new CudaBackend(new CudaDevice(DeviceFacts.of(0)));
  }

  /** Closes a backend; fails if something was wrong, or something that is no memory lives on. */
  static void close(CudaBackend backend) {
    backend.close();
    DriverDouble cuda = DriverDouble.install();
    cuda.assertNoProblems();
    // Arrays outside of scopes are freed with the garbage.
    var living = cuda.liveCounts();
    living.remove("blocks");
    living.remove("bytes");
    if (!living.isEmpty()) {
      throw new AssertionError("closed, and there live " + living);
    }
  }
}
