package dev.lanewise.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Kernels as printed for a device, compiled for the CPU by the C++ compiler that there is: all that
 * were {@linkplain #add added}, at once.
 */
final class CpuKernels {
  private final Map<KernelSource, Integer> numbers = new LinkedHashMap<>();
  private SymbolLookup library;

  /** {@return the command of a C++ compiler, if there is one} */
  static Optional<String> compiler() {
    return Stream.of("g++", "clang++")
        .filter(
            name ->
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))))
        .findFirst();
  }

  /** Adds a kernel; the same one may come again. */
  void add(KernelSource source) {
    numbers.putIfAbsent(source, numbers.size());
  }

  /** Compiles all. */
  @SuppressWarnings("restricted")
  void compile(Path folder) throws IOException, InterruptedException {
    StringBuilder all = new StringBuilder();
    try (InputStream shim = CpuKernels.class.getResourceAsStream("cuda-on-cpu.h")) {
      all.append(new String(shim.readAllBytes(), StandardCharsets.UTF_8));
    }
    numbers.forEach(
        (source, number) -> {
          String text = source.text().replace("extern \"C\" __global__", "static");
          all.append("namespace k%d {\nCUDA_FUNCTIONS\n%s}\n".formatted(number, text));
          all.append(
              ("extern \"C\" void run%d(int blocks, int threads, void** arguments) {\n"
                      + "  launch(k%d::%s, %b, blocks, threads, arguments);\n}\n")
                  .formatted(number, number, source.name(), text.contains("__syncthreads")));
        });
    Path file = Files.writeString(folder.resolve("kernels.cpp"), all);
    Path object = folder.resolve("kernels.so");
    Path log = folder.resolve("log");
    List<String> command =
        List.of(
            compiler().orElseThrow(),
            "-std=c++17",
            "-O1",
            "-ffp-contract=off",
            "-fwrapv",
            "-shared",
            "-fPIC",
            "-o",
            object.toString(),
            file.toString());
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (status != 0) {
      throw new AssertionError(String.join(" ", command) + ":\n" + Files.readString(log));
    }
    library = SymbolLookup.libraryLookup(object, Arena.ofAuto());
  }

  /** Runs a kernel. */
  @SuppressWarnings("restricted")
  void launch(KernelSource source, long blocks, int threads, Arguments arguments) {
    MemorySegment function = library.find("run" + numbers.get(source)).orElseThrow();
    MethodHandle run =
        Linker.nativeLinker()
            .downcallHandle(
                function,
                FunctionDescriptor.ofVoid(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try {
      run.invokeExact((int) blocks, threads, arguments.table());
    } catch (Throwable failed) {
      throw new AssertionError(source.name(), failed);
    }
  }
}
