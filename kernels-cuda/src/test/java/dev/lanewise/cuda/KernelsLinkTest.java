package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** NVIDIA's compiler takes every kernel, for each processor that the backend is meant for. */
class KernelsLinkTest {

  private static final List<Integer> CAPABILITIES = List.of(80, 90);

  private static final Pattern KERNEL =
      Pattern.compile("__global__\\s+void\\s+(?:__launch_bounds__\\(\\w+\\)\\s+)?(\\w+)\\(");

  /** All sources, by their names. */
  private static Map<String, String> sources() {
    return Map.of("elementwise", SampleKernels.ELEMENTWISE, "shared", SampleKernels.SHARED);
  }

  private static Stream<Arguments> cases() {
    return sources().entrySet().stream()
        .flatMap(
            source ->
                CAPABILITIES.stream()
                    .map(
                        capability ->
                            Arguments.of(source.getKey(), capability, source.getValue())));
  }

  @ParameterizedTest(name = "{0} for {1}")
  @MethodSource("cases")
  void aSourceCompilesToMachineCodeWithItsKernels(String name, int capability, String source) {
    List<String> kernels =
        KERNEL.matcher(source).results().map((MatchResult m) -> m.group(1)).toList();
    assertFalse(kernels.isEmpty(), name);

    byte[] code = RealCompiler.compile(source, "sm_" + capability);
    ByteBuffer elf = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x464c457f, elf.getInt(0), "an ELF file");
    assertEquals(190, elf.getShort(18), "of CUDA's machine");
    assertEquals(capability, elf.getInt(48) & 0xff, "for the processor asked for");
    String names = new String(code, StandardCharsets.ISO_8859_1);
    for (String kernel : kernels) {
      assertTrue(names.contains(".text." + kernel + "\0"), kernel);
    }
  }
}
