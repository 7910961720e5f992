package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntBiFunction;

/** NVIDIA's own compiler with the backend's options. It needs no GPU. */
final class RealCompiler {

  /** The name that the compiler's log gives to a source. */
  static final String FILE = "kernel.cu";

  private RealCompiler() {}

  /** The compiler did not take a source or an option. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;
    final String log;

    RefusedException(int status, String log) {
      super("nvrtcCompileProgram returned " + status + ":\n" + log);
      this.status = status;
      this.log = log;
    }
  }

  /**
   * {@return the machine code of a source, an ELF file}
   *
   * @param source CUDA C
   * @param arch the processor, for example {@code "sm_90"}
   * @throws RefusedException if the compiler does not take the source
   */
  static byte[] compile(String source, String arch) {
    return compile(source, arch, Nvrtc::nvrtcGetCUBINSize, Nvrtc::nvrtcGetCUBIN);
  }

  /**
   * {@return the assembler text of a source}
   *
   * @param source CUDA C
   * @param arch the kind of processors, for example {@code "compute_90"}
   * @throws RefusedException if the compiler does not take the source
   */
  static String ptx(String source, String arch) {
    byte[] text = compile(source, arch, Nvrtc::nvrtcGetPTXSize, Nvrtc::nvrtcGetPTX);
    return new String(text, 0, text.length - 1, StandardCharsets.US_ASCII); // a 0 at its end
  }

  private static byte[] compile(
      String source,
      String arch,
      ToIntBiFunction<MemorySegment, MemorySegment> size,
      ToIntBiFunction<MemorySegment, MemorySegment> code) {
    CudaLibrary.NVRTC.require();
    // Without -default-device: what runs on the device says so. Without fused products and sums:
    // they round once where the other backends round twice.
    List<String> options = List.of("--gpu-architecture=" + arch, "--fmad=false");
    try (var arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(Nvrtc.C_POINTER);
      check(
          Nvrtc.nvrtcCreateProgram(
              handle,
              arena.allocateFrom(source),
              arena.allocateFrom(FILE),
              0,
              MemorySegment.NULL,
              MemorySegment.NULL));
      try {
        MemorySegment program = handle.get(Nvrtc.C_POINTER, 0);
        MemorySegment texts = arena.allocate(Nvrtc.C_POINTER, options.size());
        for (int i = 0; i < options.size(); i++) {
          texts.setAtIndex(Nvrtc.C_POINTER, i, arena.allocateFrom(options.get(i)));
        }
        int status = Nvrtc.nvrtcCompileProgram(program, options.size(), texts);
        if (status != Nvrtc.NVRTC_SUCCESS()) {
          byte[] log =
              read(program, Nvrtc::nvrtcGetProgramLogSize, Nvrtc::nvrtcGetProgramLog, arena);
          throw new RefusedException(status, new String(log, StandardCharsets.UTF_8).strip());
        }
        return read(program, size, code, arena);
      } finally {
        check(Nvrtc.nvrtcDestroyProgram(handle));
      }
    }
  }

  private static byte[] read(
      MemorySegment program,
      ToIntBiFunction<MemorySegment, MemorySegment> size,
      ToIntBiFunction<MemorySegment, MemorySegment> content,
      Arena arena) {
    MemorySegment bytes = arena.allocate(Nvrtc.size_t);
    check(size.applyAsInt(program, bytes));
    MemorySegment into = arena.allocate(bytes.get(Nvrtc.size_t, 0));
    check(content.applyAsInt(program, into));
    return into.toArray(Nvrtc.C_CHAR);
  }

  private static void check(int status) {
    if (status != Nvrtc.NVRTC_SUCCESS()) {
      throw new AssertionError(Nvrtc.nvrtcGetErrorString(status).getString(0));
    }
  }
}
