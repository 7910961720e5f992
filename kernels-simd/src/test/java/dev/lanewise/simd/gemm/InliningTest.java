package dev.lanewise.simd.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.simd.Lanes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * That C2 inlines all calls of a register tile. At 18,000 nodes of a method it begins to put calls
 * off, and drops the one it is at unless the JDK insists on it; a tile that calls something in its
 * loop saves and restores all its sums there, and runs at a quarter of its speed.
 */
class InliningTest {
  private static final String DROPPED = "failed to inline: NodeCountInliningCutoff";

  /**
   * Where other code had segments over arrays, C2 first takes ours for such ones. It takes that
   * back when it knows better, and what it dropped of them is dead.
   */
  private static final String OF_ARRAYS = "HeapMemorySegmentImpl";

  private static final String DONE = "tiles are compiled";

  /** Gets all tiles compiled. */
  static final class Tiles {
    private Tiles() {}

    public static void main(String[] args) {
      if (args.length > 0) {
        drawNumbers();
      }
      for (Element element : Element.values()) {
        Blocking blocking = Blocking.of(Lanes.BITS, element);
        WarmUp warmUp = new WarmUp(blocking, TileCode.compile(blocking));
        for (int shape = 0; shape < blocking.rows() * blocking.vectors(); shape++) {
          warmUp.tile(true, shape);
          warmUp.tile(false, shape);
        }
        IndirectGemm indirect = element == Element.F32 ? IndirectGemm.F32 : IndirectGemm.F64;
        for (int rows = 1; rows <= blocking.rows(); rows++) {
          indirect.warmUp(rows, IndirectTile.WIDE, Long.MAX_VALUE);
        }
        IndirectDots dots = element == Element.F32 ? IndirectDots.F32 : IndirectDots.F64;
        for (int rows = 1; rows <= IndirectDots.ROWS; rows++) {
          dots.warmUp(rows, Long.MAX_VALUE);
        }
      }
      System.out.println(DONE);
    }

    /** Random numbers need vectors of several widths, and C2 makes of a tile what it saw before. */
    private static void drawNumbers() {
      Backend backend = Backends.named("simd");
      try (Scope _ = Scope.open("drawn first")) {
        NdArray numbers = backend.uninitialized(DType.F32, Shape.of(100_000));
        backend.random(Distribution.NORMAL, 1, 1, numbers);
      }
    }
  }

  @Test
  void tilesAreInlinedAsAWhole() throws Exception {
    check();
  }

  @Test
  void tilesAreInlinedAsAWholeAfterVectorsOfOtherWidths() throws Exception {
    check("drawn first");
  }

  private static void check(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlanewise.simd.bits=" + Lanes.BITS,
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=PrintInlining,dev.lanewise.simd.gemm.*::*",
            "-cp",
            System.getProperty("java.class.path"),
            Tiles.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertTrue(output.contains(DONE), output);
    assertTrue(output.contains("VectorSupport::ternaryOp"), "C2 says nothing of what it inlines");
    List<String> lines = output.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(DROPPED) && !lines.get(i).contains(OF_ARRAYS)) {
        throw new AssertionError(String.join("\n", lines.subList(Math.max(0, i - 40), i + 1)));
      }
    }
  }
}
