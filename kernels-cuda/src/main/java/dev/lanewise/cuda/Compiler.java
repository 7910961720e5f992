package dev.lanewise.cuda;

import dev.lanewise.array.DeviceException;
import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Compiles CUDA C for one kind of device, by NVRTC. */
final class Compiler {
  /** Products and sums are rounded apart, as IEEE 754 and the contract say. */
  static final List<String> OPTIONS = List.of("--fmad=false", "--std=c++17");

  private final String architecture;
  private final String version;

  private Compiler(String architecture, String version) {
    this.architecture = architecture;
    this.version = version;
  }

  /**
   * {@return the compiler for devices of a compute capability} One that NVRTC does not know yet is
   * given the newest code that it can translate itself.
   *
   * @param capability as 10 x major + minor
   * @throws DeviceException if the device is older than all that NVRTC knows
   */
  static Compiler forCapability(int capability) {
    String version = version();
    int best = capabilities().filter(known -> known <= capability).max().orElse(0);
    if (best == 0) {
      throw Status.failed(
          "nvrtcGetSupportedArchs",
          Nvrtc.NVRTC_SUCCESS(),
          "no architecture",
          "NVRTC "
              + version
              + " compiles for no device as old as compute capability "
              + DeviceFacts.capabilityText(capability)
              + "; use an older CUDA, 12 or later");
    }
    return new Compiler((best == capability ? "sm_" : "compute_") + best, version);
  }

  /** {@return NVRTC's version, as {@code "12.6"}} */
  static String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(Nvrtc.C_INT);
      MemorySegment minor = arena.allocate(Nvrtc.C_INT);
      Status.compiler("nvrtcVersion", Nvrtc.nvrtcVersion(major, minor));
      return major.get(Nvrtc.C_INT, 0) + "." + minor.get(Nvrtc.C_INT, 0);
    }
  }

  /** {@return the compute capabilities that NVRTC compiles for, as 10 x major + minor} */
  static IntStream capabilities() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(Nvrtc.C_INT);
      Status.compiler("nvrtcGetNumSupportedArchs", Nvrtc.nvrtcGetNumSupportedArchs(count));
      MemorySegment known = arena.allocate(Nvrtc.C_INT, count.get(Nvrtc.C_INT, 0));
      Status.compiler("nvrtcGetSupportedArchs", Nvrtc.nvrtcGetSupportedArchs(known));
      return Arrays.stream(known.toArray(Nvrtc.C_INT));
    }
  }

  /** {@return a name for what {@link #compile} makes of a source: the same for the same result} */
  String key(KernelSource source) {
    String all = String.join("\n", version, architecture, String.join(" ", OPTIONS), source.text());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java has SHA-256", impossible);
    }
  }

  /**
   * {@return the device's code of a kernel}
   *
   * @param source the kernel
   * @throws DeviceException if it does not compile; the message has what the compiler says
   */
  byte[] compile(KernelSource source) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(Nvrtc.C_POINTER);
      Status.compiler(
          "nvrtcCreateProgram",
          Nvrtc.nvrtcCreateProgram(
              pointer,
              arena.allocateFrom(source.text()),
              arena.allocateFrom(source.name() + ".cu"),
              0,
              MemorySegment.NULL,
              MemorySegment.NULL));
      byte[] code;
      try {
        code = compile(arena, pointer.get(Nvrtc.C_POINTER, 0), source);
      } catch (DeviceException failed) {
        Nvrtc.nvrtcDestroyProgram(pointer); // what failed before is what is told
        throw failed;
      }
      Status.compiler("nvrtcDestroyProgram", Nvrtc.nvrtcDestroyProgram(pointer));
      return code;
    }
  }

  private byte[] compile(Arena arena, MemorySegment program, KernelSource source) {
    MemorySegment options = arena.allocate(Nvrtc.C_POINTER, OPTIONS.size() + 1L);
    options.setAtIndex(
        Nvrtc.C_POINTER, 0, arena.allocateFrom("--gpu-architecture=" + architecture));
    for (int i = 0; i < OPTIONS.size(); i++) {
      options.setAtIndex(Nvrtc.C_POINTER, i + 1L, arena.allocateFrom(OPTIONS.get(i)));
    }
    int status = Nvrtc.nvrtcCompileProgram(program, OPTIONS.size() + 1, options);
    if (status == Nvrtc.NVRTC_ERROR_COMPILATION()) {
      throw Status.failed(
          "nvrtcCompileProgram",
          status,
          Nvrtc.nvrtcGetErrorString(status).getString(0),
          "kernel " + source.name() + ": " + log(arena, program));
    }
    Status.compiler("nvrtcCompileProgram", status);
    MemorySegment size = arena.allocate(Nvrtc.size_t);
    if (architecture.startsWith("sm_")) {
      Status.compiler("nvrtcGetCUBINSize", Nvrtc.nvrtcGetCUBINSize(program, size));
      MemorySegment code = arena.allocate(size.get(Nvrtc.size_t, 0));
      Status.compiler("nvrtcGetCUBIN", Nvrtc.nvrtcGetCUBIN(program, code));
      return code.toArray(Nvrtc.C_CHAR);
    }
    Status.compiler("nvrtcGetPTXSize", Nvrtc.nvrtcGetPTXSize(program, size));
    MemorySegment code = arena.allocate(size.get(Nvrtc.size_t, 0));
    Status.compiler("nvrtcGetPTX", Nvrtc.nvrtcGetPTX(program, code));
    return code.toArray(Nvrtc.C_CHAR);
  }

  private static String log(Arena arena, MemorySegment program) {
    MemorySegment size = arena.allocate(Nvrtc.size_t);
    Status.compiler("nvrtcGetProgramLogSize", Nvrtc.nvrtcGetProgramLogSize(program, size));
    MemorySegment text = arena.allocate(Math.max(1, size.get(Nvrtc.size_t, 0)));
    Status.compiler("nvrtcGetProgramLog", Nvrtc.nvrtcGetProgramLog(program, text));
    return text.getString(0).strip();
  }
}
