package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.Cublas;
import dev.lanewise.bindings.cuda.CublasLt;
import dev.lanewise.bindings.cuda.CudaDriver;
import dev.lanewise.bindings.cuda.Cudart;
import dev.lanewise.bindings.cuda.Cudnn;
import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.ToIntBiFunction;

/**
 * Looks at what every function of the libraries returns. Anything but success is a {@link
 * DeviceException} that begins with the operation in progress and its arrays.
 */
final class Status {
  private static final int MESSAGE_BYTES = 1024;

  /** From an illegal address to a failed launch. */
  private static final int FIRST_FAULT = 700;

  private static final int LAST_FAULT = 719;

  private static final String NO_TEXT = "no further text";

  private Status() {}

  /** Checks what a function of the CUDA runtime returned. */
  static void runtime(String function, int status) {
    if (status != Cudart.cudaSuccess()) {
      // The runtime would report it again from the next call that works.
      Cudart.cudaGetLastError();
      throw failed(
          function,
          status,
          text(Cudart.cudaGetErrorName(status)),
          text(Cudart.cudaGetErrorString(status)) + afterwards(status));
    }
  }

  /** Checks what a function of the driver returned. */
  static void driver(String function, int status) {
    if (status != CudaDriver.CUDA_SUCCESS()) {
      throw failed(
          function,
          status,
          driverText(status, CudaDriver::cuGetErrorName),
          driverText(status, CudaDriver::cuGetErrorString) + afterwards(status));
    }
  }

  /** Checks what a function of cuBLAS returned. */
  static void blas(String function, int status) {
    if (status != Cublas.CUBLAS_STATUS_SUCCESS()) {
      throw failed(
          function,
          status,
          text(Cublas.cublasGetStatusName(status)),
          text(Cublas.cublasGetStatusString(status)));
    }
  }

  /** Checks what a function of cuBLASLt returned. */
  static void blasLt(String function, int status) {
    if (status != CublasLt.CUBLAS_STATUS_SUCCESS()) {
      throw failed(
          function,
          status,
          text(CublasLt.cublasLtGetStatusName(status)),
          text(CublasLt.cublasLtGetStatusString(status)));
    }
  }

  /** Checks what a function of cuDNN returned. */
  static void dnn(String function, int status) {
    if (status != Cudnn.CUDNN_STATUS_SUCCESS()) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment message = arena.allocate(MESSAGE_BYTES);
        Cudnn.cudnnGetLastErrorString(message, MESSAGE_BYTES);
        String more = message.getString(0);
        String name = text(Cudnn.cudnnGetErrorString(status));
        throw failed(function, status, name, more.isBlank() ? NO_TEXT : more.strip());
      }
    }
  }

  /** {@return whether cuDNN says that it can not do this, but perhaps in another way} */
  static boolean isNotSupported(int ofDnn) {
    // The thousands tell the kind, the rest why.
    return ofDnn / 1000 == Cudnn.CUDNN_STATUS_NOT_SUPPORTED() / 1000;
  }

  /** Checks what a function of NVRTC returned. */
  static void compiler(String function, int status) {
    if (status != Nvrtc.NVRTC_SUCCESS()) {
      throw failed(function, status, text(Nvrtc.nvrtcGetErrorString(status)), NO_TEXT);
    }
  }

  /** {@return the exception for a failed call of the operation in progress} */
  static DeviceException failed(String function, int status, String name, String text) {
    return new DeviceException(Operation.current(), function, status, name, text);
  }

  /** What a fault of a kernel means; runtime and driver have the same numbers for those. */
  private static String afterwards(int status) {
    return status >= FIRST_FAULT && status <= LAST_FAULT
        ? "; this or earlier work has caused it, and the device can not be used any more: start the"
            + " program with CUDA_LAUNCH_BLOCKING=1 in its environment to see which"
        : "";
  }

  private static String text(MemorySegment pointer) {
    return pointer.address() == 0 ? "unknown to this library" : pointer.getString(0);
  }

  /** The driver gives no text for a status that it does not know. */
  private static String driverText(int status, ToIntBiFunction<Integer, MemorySegment> ask) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(CudaDriver.C_POINTER);
      return ask.applyAsInt(status, pointer) == CudaDriver.CUDA_SUCCESS()
          ? text(pointer.get(CudaDriver.C_POINTER, 0))
          : "unknown to this driver";
    }
  }
}
