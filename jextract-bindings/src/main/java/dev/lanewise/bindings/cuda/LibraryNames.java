package dev.lanewise.bindings.cuda;

import java.util.List;
import java.util.function.Predicate;

/**
 * The file names of the libraries.
 *
 * @param windows whether the names are those of Windows; else they are those of Linux
 */
record LibraryNames(boolean windows) {

  /** The CUDA majors that the bindings fit, the preferred one first. */
  static final List<Integer> MAJORS = List.of(13, 12);

  /** Stands for the major of a library that has none in its name: the driver. */
  static final int NO_MAJOR = 0;

  /** {@return the file name of a library} The major is ignored where the name has none. */
  String file(CudaLibrary library, int major) {
    return switch (library) {
      case DRIVER -> windows ? "nvcuda.dll" : "libcuda.so.1";
      case CUDART -> windows ? "cudart64_" + major + ".dll" : "libcudart.so." + major;
      case CUBLAS -> windows ? "cublas64_" + major + ".dll" : "libcublas.so." + major;
      case CUBLASLT -> windows ? "cublasLt64_" + major + ".dll" : "libcublasLt.so." + major;
      case CUDNN -> windows ? "cudnn64_9.dll" : "libcudnn.so.9";
      // On Windows the name is fixed at the major's first release: 120_0 serves 12.0 to 12.9.
      case NVRTC -> windows ? "nvrtc64_" + major + "0_0.dll" : "libnvrtc.so." + major;
    };
  }

  /** {@return all file names that may serve for a library, the preferred one first} */
  List<String> files(CudaLibrary library, List<Integer> majors) {
    return majors.stream().map(major -> file(library, major)).distinct().toList();
  }

  /**
   * {@return those names in a folder that must be opened before the library beside them}
   *
   * <p>NVRTC opens its builtins by bare name and has no search path of its own: unless they are
   * open already, each compilation fails with NVRTC_ERROR_BUILTIN_OPERATION_FAILURE (7). cuBLAS
   * needs cuBLASLt; Windows does not look for it beside cuBLAS.
   *
   * @param library the library
   * @param major its CUDA major
   * @param names the names in its folder
   */
  List<String> companions(CudaLibrary library, int major, List<String> names) {
    Predicate<String> needed =
        switch (library) {
          case CUBLAS -> file(CudaLibrary.CUBLASLT, major)::equals;
          case NVRTC -> this::isBuiltins;
          case DRIVER, CUDART, CUBLASLT, CUDNN -> name -> false;
        };
    return names.stream().filter(needed).sorted().toList();
  }

  private boolean isBuiltins(String name) {
    return name.contains("nvrtc-builtins")
        && (windows ? name.endsWith(".dll") : name.contains(".so"))
        // Python packages of CUDA 13 carry a second variant, which is not for the same NVRTC.
        && !name.contains(".alt.");
  }
}
