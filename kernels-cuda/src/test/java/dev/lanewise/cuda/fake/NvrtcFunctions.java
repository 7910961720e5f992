package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.Nvrtc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The run-time compiler, which checks the text and the options and packs the text up. */
final class NvrtcFunctions {

  /** What 12.6 compiles for. */
  private static final List<Integer> ARCHITECTURES =
      List.of(50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90);

  private static final int DEFAULT_ARCHITECTURE = 52;

  private static final Pattern ARCHITECTURE =
      Pattern.compile("(?:--gpu-architecture|-arch)=(sm|compute)_(\\d+)");

  private static final Pattern OTHER_OPTION =
      Pattern.compile(
          "--?(fmad|ftz|prec-div|prec-sqrt|use_fast_math)(=(true|false))?"
              + "|--?std=c\\+\\+(03|11|14|17|20)|--?maxrregcount=\\d+|-maxrregcount=\\d+"
              + "|--generate-line-info|-lineinfo|--device-debug|-G|--disable-warnings|-w"
              + "|--restrict|-restrict|--extra-device-vectorization|-extra-device-vectorization"
              + "|--device-as-default-execution-space|-default-device"
              + "|(--define-macro=|-D)\\w+(=.*)?|(--include-path=|-I).+");

  /** A program: its text, and what the last compilation made of it. */
  private static final class NvrtcProgram {
    final String source;
    final String name;

    /** The C strings of the kernels' names, by what was asked for. */
    final Map<String, MemorySegment> expressions = new HashMap<>();

    final Arena arena = Arena.ofAuto();
    String log = "";
    int architecture;
    boolean binary;
    boolean compiled;

    NvrtcProgram(String source, String name) {
      this.source = source;
      this.name = name;
    }
  }

  private final DriverDouble cuda;
  private final Out out;
  private final Names names = new Names(Nvrtc.class, "NVRTC_ERROR_", "NVRTC_SUCCESS");

  private NvrtcFunctions(DriverDouble cuda) {
    this.cuda = cuda;
    this.out = new Out(cuda.host);
  }

  /** {@return the library} Static, for otherwise it would be a C function. */
  static LibraryDouble library(DriverDouble cuda) {
    Statuses statuses =
        new Statuses(
            Nvrtc.NVRTC_ERROR_INTERNAL_ERROR(),
            Nvrtc.NVRTC_ERROR_INVALID_INPUT(),
            Nvrtc.NVRTC_ERROR_INVALID_PROGRAM(),
            Nvrtc.NVRTC_ERROR_INTERNAL_ERROR());
    return new LibraryDouble(cuda, statuses, List.of(new NvrtcFunctions(cuda)));
  }

  MemorySegment nvrtcGetErrorString(int result) {
    return names.name(result);
  }

  int nvrtcVersion(MemorySegment major, MemorySegment minor) {
    out.number(major, 12);
    out.number(minor, 6);
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcGetNumSupportedArchs(MemorySegment count) {
    out.number(count, ARCHITECTURES.size());
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcGetSupportedArchs(MemorySegment architectures) {
    MemorySegment to = cuda.host.at(architectures, 4L * ARCHITECTURES.size());
    for (int i = 0; i < ARCHITECTURES.size(); i++) {
      to.setAtIndex(Nvrtc.C_INT, i, ARCHITECTURES.get(i));
    }
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcCreateProgram(
      MemorySegment program,
      MemorySegment source,
      MemorySegment name,
      int headers,
      MemorySegment headerTexts,
      MemorySegment includeNames) {
    if (headers != 0) {
      throw Refusal.misuse(Nvrtc.NVRTC_ERROR_INVALID_INPUT(), "the double takes no headers");
    }
    cuda.host.at(program, Long.BYTES);
    String called = name.address() == 0 ? "default_program" : cuda.host.text(name);
    out.pointer(program, cuda.handles.add(new NvrtcProgram(cuda.host.text(source), called)));
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcDestroyProgram(MemorySegment program) {
    cuda.handles.remove(NvrtcProgram.class, cuda.host.pointer(program, 0));
    out.pointer(program, MemorySegment.NULL);
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcCompileProgram(MemorySegment handle, int count, MemorySegment options) {
    NvrtcProgram program = cuda.handles.get(NvrtcProgram.class, handle);
    program.compiled = false;
    program.log = "";
    program.architecture = DEFAULT_ARCHITECTURE;
    program.binary = false;
    var given = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      given.add(cuda.host.text(cuda.host.pointer(options, i)));
    }
    cuda.noteCompilation(given);
    for (String option : given) {
      take(program, option);
    }
    try {
      List<String> kernels = cuda.compiler.compile(program.source).kernels();
      for (Map.Entry<String, MemorySegment> expression : program.expressions.entrySet()) {
        if (!kernels.contains(expression.getKey())) {
          program.log = program.name + ": error: no kernel " + expression.getKey() + "\n";
          throw Refusal.of(Nvrtc.NVRTC_ERROR_COMPILATION(), program.log);
        }
        // All kernels of the subset are extern "C", whose names stay as they are.
        expression.setValue(program.arena.allocateFrom(expression.getKey()));
      }
    } catch (KernelCompiler.SyntaxFault fault) {
      program.log = program.name + ": error: " + fault.getMessage() + "\n";
      throw Refusal.of(Nvrtc.NVRTC_ERROR_COMPILATION(), program.log);
    }
    program.compiled = true;
    return Nvrtc.NVRTC_SUCCESS();
  }

  private static void take(NvrtcProgram program, String option) {
    Matcher architecture = ARCHITECTURE.matcher(option);
    if (architecture.matches()) {
      program.binary = architecture.group(1).equals("sm");
      program.architecture = Integer.parseInt(architecture.group(2));
      if (ARCHITECTURES.contains(program.architecture)) {
        return;
      }
    } else if (OTHER_OPTION.matcher(option).matches()) {
      return;
    }
    program.log = "nvrtc: error: invalid value or option: " + option + "\n";
    throw Refusal.of(Nvrtc.NVRTC_ERROR_INVALID_OPTION(), program.log);
  }

  int nvrtcGetProgramLogSize(MemorySegment handle, MemorySegment size) {
    out.size(size, log(handle).length);
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcGetProgramLog(MemorySegment handle, MemorySegment to) {
    return store(to, log(handle));
  }

  private byte[] log(MemorySegment handle) {
    String log = cuda.handles.get(NvrtcProgram.class, handle).log;
    return (log + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private int store(MemorySegment to, byte[] bytes) {
    cuda.host.at(to, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    return Nvrtc.NVRTC_SUCCESS();
  }

  private NvrtcProgram compiled(MemorySegment handle) {
    NvrtcProgram program = cuda.handles.get(NvrtcProgram.class, handle);
    if (!program.compiled) {
      throw Refusal.misuse(Nvrtc.NVRTC_ERROR_INVALID_PROGRAM(), program.name + " is not compiled");
    }
    return program;
  }

  private byte[] ptx(MemorySegment handle) {
    NvrtcProgram program = compiled(handle);
    return new Image(false, program.architecture, program.source).bytes();
  }

  /** {@return the machine code; none if the program was compiled for a virtual architecture} */
  private byte[] binary(MemorySegment handle) {
    NvrtcProgram program = compiled(handle);
    return program.binary
        ? new Image(true, program.architecture, program.source).bytes()
        : new byte[0];
  }

  int nvrtcGetPTXSize(MemorySegment handle, MemorySegment size) {
    out.size(size, ptx(handle).length);
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcGetPTX(MemorySegment handle, MemorySegment to) {
    return store(to, ptx(handle));
  }

  int nvrtcGetCUBINSize(MemorySegment handle, MemorySegment size) {
    out.size(size, binary(handle).length);
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcGetCUBIN(MemorySegment handle, MemorySegment to) {
    byte[] binary = binary(handle);
    if (binary.length == 0) {
      throw Refusal.misuse(
          Nvrtc.NVRTC_ERROR_INVALID_PROGRAM(),
          "compiled for a virtual architecture, which gives no machine code");
    }
    return store(to, binary);
  }

  int nvrtcAddNameExpression(MemorySegment handle, MemorySegment expression) {
    NvrtcProgram program = cuda.handles.get(NvrtcProgram.class, handle);
    if (program.compiled) {
      throw Refusal.misuse(
          Nvrtc.NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION(), "it is compiled already");
    }
    program.expressions.put(cuda.host.text(expression), MemorySegment.NULL);
    return Nvrtc.NVRTC_SUCCESS();
  }

  int nvrtcGetLoweredName(MemorySegment handle, MemorySegment expression, MemorySegment name) {
    NvrtcProgram program = cuda.handles.get(NvrtcProgram.class, handle);
    String asked = cuda.host.text(expression);
    if (!program.compiled) {
      throw Refusal.misuse(
          Nvrtc.NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION(), "it is not compiled yet");
    }
    if (!program.expressions.containsKey(asked)) {
      throw Refusal.misuse(
          Nvrtc.NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID(), asked + " was not added before");
    }
    out.pointer(name, program.expressions.get(asked));
    return Nvrtc.NVRTC_SUCCESS();
  }
}
