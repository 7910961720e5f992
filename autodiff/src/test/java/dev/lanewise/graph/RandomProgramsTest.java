package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random programs give the same bits as graphs as they give when they are computed at once. */
class RandomProgramsTest {
  private static final int RUNS = 3;

  @Provide
  Arbitrary<List<RandomProgram.Step>> programs() {
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 40);
    return Combinators.combine(
            Arbitraries.of(RandomProgram.Kind.class),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 5),
            number)
        .as(RandomProgram.Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(tries = 600)
  void withAllPasses(@ForAll("programs") List<RandomProgram.Step> steps) {
    compare(new RandomProgram(steps), Pass.DEFAULT);
  }

  @Property(tries = 200)
  void asRecorded(@ForAll("programs") List<RandomProgram.Step> steps) {
    compare(new RandomProgram(steps), List.of());
  }

  @Property(tries = 200)
  void withEachPassAlone(@ForAll("programs") List<RandomProgram.Step> steps) {
    for (Pass pass : Pass.DEFAULT) {
      compare(new RandomProgram(steps), List.of(pass));
    }
  }

  @Property(tries = 400)
  void inLessMemory(@ForAll("programs") List<RandomProgram.Step> steps) {
    compare(new RandomProgram(steps), List.of(new Recompute()));
    compare(new RandomProgram(steps), Pass.LOW_MEMORY);
  }

  @Property(tries = 400)
  void orderAndRecomputationNeverNeedMoreMemory(
      @ForAll("programs") List<RandomProgram.Step> steps) {
    RandomProgram.World world = new RandomProgram.World();
    Tensor input = Tensor.randomNormal(new Generator(70), Shape.of(4, 6));
    RandomProgram function = new RandomProgram(steps);
    Program program =
        Graph.trace(ins -> function.run(world, ins.getFirst()), List.of(input), List.of()).traced();
    for (Pass pass : Pass.LOW_MEMORY) {
      Program next = pass.apply(program);
      if (pass instanceof Scheduling || pass instanceof Recompute) {
        assertTrue(
            MemoryPlan.of(next).byteSize() <= MemoryPlan.of(program).byteSize(),
            () -> pass.name() + " of\n" + next);
      }
      program = next;
    }
  }

  private static void compare(RandomProgram program, List<Pass> passes) {
    List<Tensor> inputs =
        IntStream.range(0, RUNS)
            .mapToObj(i -> Tensor.randomNormal(new Generator(70 + i), Shape.of(4, 6)))
            .toList();
    RandomProgram.World eager = new RandomProgram.World();
    RandomProgram.World traced = new RandomProgram.World();
    Graph graph =
        Graph.trace(ins -> program.run(traced, ins.getFirst()), List.of(inputs.getFirst()), passes);
    for (Tensor input : inputs) {
      List<Tensor> expected = program.run(eager, input);
      List<Tensor> found = graph.runAll(List.of(input));
      for (int i = 0; i < expected.size(); i++) {
        String what = "result " + i + " of\n" + graph.traced() + "as\n" + graph.program();
        assertEquals(expected.get(i).shape(), found.get(i).shape(), what);
        assertArrayEquals(bits(expected.get(i)), bits(found.get(i)), what);
      }
      assertArrayEquals(bits(eager.state), bits(traced.state), "state");
      assertEquals(eager.generator.position(), traced.generator.position(), "random streams");
    }
  }

  /** {@return the bits of the numbers, in which all that are none are the same} */
  private static int[] bits(Tensor x) {
    float[] values = x.toFloatArray();
    return IntStream.range(0, values.length).map(i -> Float.floatToIntBits(values[i])).toArray();
  }
}
