package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cuda.RealCompiler.RefusedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * NVIDIA's compiler takes every kernel, for each processor that the backend is meant for.
 *
 * <p>Many kernels go into one program: each costs a third less than alone. The compiler does one
 * thing at a time in a process, so the second processor has a process of its own.
 */
class KernelsLinkTest {
  private static final int KERNELS_OF_A_PROGRAM = 20;

  private static final Pattern ENTRY = Pattern.compile("\\.visible \\.entry (\\w+)\\(");
  private static final Pattern SECTION = Pattern.compile("\0\\.text\\.(\\w+)(?=\0)");

  /** Compiles all kernels for the processors of compute capability 9.0. */
  static final class Hopper {
    private Hopper() {}

    public static void main(String[] arguments) {
      compileAll(90);
    }
  }

  @Test
  void allKernelsCompileForEachProcessor() throws Exception {
    String path = "-Dlanewise.cuda.path=" + System.getProperty("lanewise.cuda.path");
    var hopper =
        new FutureTask<>(
            () ->
                ChildJvm.run(
                    Hopper.class,
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-modules=jdk.incubator.vector",
                    path));
    Thread.ofPlatform().daemon().start(hopper);
    compileAll(80);
    hopper.get();
  }

  /** {@return all kernels, each once, with a name that says which it is} */
  private static Map<KernelSource, String> kernels() {
    Map<KernelSource, String> kernels = new LinkedHashMap<>();
    PrintedKernels.all().forEach((name, source) -> kernels.putIfAbsent(source, name));
    PrintedIndexKernels.all().forEach((name, source) -> kernels.putIfAbsent(source, name));
    return kernels;
  }

  private static void compileAll(int capability) {
    Map<KernelSource, String> kernels = kernels();
    assertTrue(kernels.size() > 1400, () -> "no more than " + kernels.size() + " kernels");
    List<KernelSource> sources = new ArrayList<>(kernels.keySet());
    for (int from = 0; from < sources.size(); from += KERNELS_OF_A_PROGRAM) {
      int to = Math.min(from + KERNELS_OF_A_PROGRAM, sources.size());
      List<KernelSource> some = sources.subList(from, to);
      try {
        compile(some, capability);
      } catch (RefusedException ofSome) {
        for (KernelSource source : some) {
          compileAlone(kernels.get(source), source, capability);
        }
        throw ofSome; // no kernel is at fault, but their being together
      }
    }
  }

  private static void compileAlone(String name, KernelSource source, int capability) {
    try {
      RealCompiler.compile(source.text(), "sm_" + capability);
    } catch (RefusedException refused) {
      throw new AssertionError(
          "%s for sm_%d: %s%n%s".formatted(name, capability, refused.getMessage(), source.text()),
          refused);
    }
  }

  /** Compiles kernels as one program, each in a namespace and with a name of its own. */
  private static void compile(List<KernelSource> sources, int capability) {
    StringBuilder program = new StringBuilder();
    Set<String> names =
        sources.stream()
            .map(
                source -> {
                  String space = "k" + sources.indexOf(source);
                  String name = source.name() + "_" + space;
                  program.append(
                      "namespace %s {%n%s%n}%n"
                          .formatted(
                              space,
                              source.text().replaceAll("\\b" + source.name() + "\\b", name)));
                  return name;
                })
            .collect(Collectors.toSet());

    RealCompiler.Code code = RealCompiler.compile(program.toString(), "sm_" + capability);
    assertTrue(code.assembler().contains(".target sm_" + capability), "the text's processor");
    assertEquals(names, found(ENTRY, code.assembler()), "kernels of the text");
    ByteBuffer elf = ByteBuffer.wrap(code.binary()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x464c457f, elf.getInt(0), "an ELF file");
    assertEquals(190, elf.getShort(18), "of CUDA's machine");
    assertEquals(capability, elf.getInt(48) & 0xff, "for the processor asked for");
    String sections = new String(code.binary(), StandardCharsets.ISO_8859_1);
    assertEquals(names, found(SECTION, sections), "kernels of the machine code");
  }

  private static Set<String> found(Pattern pattern, String in) {
    return pattern
        .matcher(in)
        .results()
        .map((MatchResult m) -> m.group(1))
        .collect(Collectors.toSet());
  }
}
