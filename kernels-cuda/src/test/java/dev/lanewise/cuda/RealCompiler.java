package dev.lanewise.cuda;

import dev.lanewise.bindings.cuda.CudaLibrary;
import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
   * What the compiler makes of a source.
   *
   * @param assembler the text for a kind of processors
   * @param binary the machine code for one of them, an ELF file
   */
  record Code(String assembler, byte[] binary) {}

  /**
   * {@return the code of a source}
   *
   * @param source CUDA C
   * @param arch the processor, for example {@code "sm_90"}
   * @throws RefusedException if the compiler does not take the source
   */
  static Code compile(String source, String arch) {
    CudaLibrary.NVRTC.require();
    List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + arch));
    options.addAll(Compiler.OPTIONS);
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
        byte[] text = read(program, Nvrtc::nvrtcGetPTXSize, Nvrtc::nvrtcGetPTX, arena);
        return new Code(
            new String(text, 0, text.length - 1, StandardCharsets.US_ASCII), // a 0 at its end
            read(program, Nvrtc::nvrtcGetCUBINSize, Nvrtc::nvrtcGetCUBIN, arena));
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
