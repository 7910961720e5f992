package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.StructuralGradientTest.Case;
import dev.lanewise.graph.Graph;
import dev.lanewise.graph.Kernel;
import dev.lanewise.graph.KernelCall;
import dev.lanewise.graph.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation, and its gradient, as a graph: in a file and back, and over a leading axis. */
class GraphsOfAllOperationsTest {
  private static final int COUNT = 2;

  @TempDir private Path folder;

  /** Whose results have extents that depend on numbers, which no graph has. */
  private static final Set<String> READ_NUMBERS = Set.of("nonzero", "maskedSelect");

  static List<Case> all() {
    return StructuralGradientTest.all().stream()
        .filter(of -> !READ_NUMBERS.contains(of.op()))
        .toList();
  }

  private static Graph graph(Case of, List<Tensor> inputs) {
    return Graph.trace(
        ins -> List.of(of.function().apply(ins.toArray(Tensor[]::new)).detach()), inputs);
  }

  private static List<Tensor> inputs(Case of, int seed, int... leading) {
    Generator generator = new Generator(seed);
    List<Tensor> inputs = new ArrayList<>();
    for (int[] shape : of.shapes()) {
      int[] dims = IntStream.concat(Arrays.stream(leading), Arrays.stream(shape)).toArray();
      inputs.add(Tensor.randomUniform(generator, 0.2, 1.5, Shape.of(dims)).cast(DType.F64));
    }
    return inputs;
  }

  /** {@return the graph of a case and that of its gradient, if it has one} */
  private static List<Graph> graphs(Case of, List<Tensor> inputs) {
    Graph graph = graph(of, inputs);
    Graph loss =
        Graph.trace(
            ins -> List.of(of.function().apply(ins.toArray(Tensor[]::new)).square().sum()), inputs);
    try {
      return List.of(graph, loss.gradient());
    } catch (GradientException e) {
      return List.of(graph); // it depends on nothing that has a gradient
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theFileOfAGraphGivesTheSameBits(Case of) throws IOException {
    List<Tensor> inputs = inputs(of, 3);
    Path file = folder.resolve("graph.safetensors");
    for (Graph graph : graphs(of, inputs)) {
      graph.save(file);
      Graph loaded = Graph.load(file, inputs.getFirst().backend());
      assertEquals(graph.program().instructions().size(), loaded.program().instructions().size());
      List<Tensor> expected = graph.runAll(inputs);
      List<Tensor> found = loaded.runAll(inputs);
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).shape(), found.get(i).shape());
        assertArrayEquals(expected.get(i).toDoubleArray(), found.get(i).toDoubleArray());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aLeadingAxisGivesWhatEachElementGives(Case of) {
    List<Tensor> all = inputs(of, 4, COUNT);
    Graph one = graph(of, inputs(of, 3));
    Tensor found = one.vmap(COUNT).runAll(all).getFirst();
    for (int i = 0; i < COUNT; i++) {
      List<Tensor> element = new ArrayList<>();
      for (Tensor x : all) {
        element.add(x.at(i).copy());
      }
      Tensor expected = one.runAll(element).getFirst();
      assertArrayEquals(expected.toDoubleArray(), found.at(i).toDoubleArray(), 2e-5);
    }
  }

  /** So that a kernel that no file has held is missed. */
  @Test
  void theCasesHaveEveryKernel() {
    Set<Kernel> seen = EnumSet.noneOf(Kernel.class);
    for (Case of : all()) {
      List<Tensor> inputs = inputs(of, 3);
      for (Graph graph : graphs(of, inputs)) {
        for (KernelCall call : graph.traced().instructions()) {
          if (call.op() instanceof Op.Fixed fixed) {
            seen.add(fixed.kernel());
          }
        }
      }
    }
    // No operation of tensors needs it alone; it is given what NORMALIZE is.
    assertEquals(EnumSet.complementOf(EnumSet.of(Kernel.MOMENTS)), seen);
  }
}
