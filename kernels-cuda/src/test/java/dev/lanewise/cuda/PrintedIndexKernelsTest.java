package dev.lanewise.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.cuda.simt.SimtProgram;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.kernel.Window;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs kernels of the index families, compiled for the CPU, and compares what they compute. */
class PrintedIndexKernelsTest {
  private static final Backend REFERENCE = Backends.named("reference");
  private static final CpuKernels KERNELS = new CpuKernels();
  private static final List<Case> CASES = new ArrayList<>();
  private static final int THREADS = KernelText.THREADS;

  @TempDir private static Path folder;

  /** One launch. */
  private record Step(
      KernelSource source, long blocks, int threads, UnaryOperator<Arguments> arguments) {}

  /** Launches, one after the other, and what their result must be. */
  private record Case(String name, List<Step> steps, NdArray actual, Consumer<NdArray> expected) {
    /** Compares the result with that of the reference, as numbers and as integers. */
    void check() {
      NdArray wanted = dense(actual.dtype(), actual.shape());
      REFERENCE.copy(actual, wanted);
      for (Step step : steps) {
        Arguments arguments = step.arguments.apply(new Arguments());
        KERNELS.launch(step.source, step.blocks, step.threads, arguments);
      }
      expected.accept(wanted);
      double epsilon = actual.dtype() == DType.F32 ? 0x1p-22 : 0x1p-50;
      double[] e = wanted.toDoubleArray();
      double[] a = actual.toDoubleArray();
      for (int i = 0; i < e.length; i++) {
        // The reference sums more exactly; all else is the same to the last bit.
        boolean near = Math.abs(e[i] - a[i]) <= 8 * epsilon * (1 + Math.abs(e[i]));
        if (!near && Double.compare(e[i], a[i]) != 0) {
          throw new AssertionError("%s: %d is %s, not %s".formatted(name, i, a[i], e[i]));
        }
      }
      if (actual.dtype().isInteger()) {
        assertArrayEquals(wanted.toLongArray(), actual.toLongArray(), name);
      }
    }
  }

  @BeforeAll
  static void compile() throws Exception {
    assumeTrue(CpuKernels.compiler().isPresent(), "there is no C++ compiler (g++ or clang++)");
    picks();
    searches();
    sorts();
    scans();
    numbers();
    pools();
    KERNELS.compile(folder);
  }

  private static NdArray dense(DType dtype, Shape shape) {
    return REFERENCE.uninitialized(dtype, shape);
  }

  /** {@return an array with its axes in another order in memory, and gaps} */
  private static NdArray strided(DType dtype, Shape shape) {
    int rank = shape.rank();
    int[] order = new int[rank];
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = rank - 1 - i;
      dims[rank - 1 - i] = shape.dim(i) + 1;
    }
    NdArray array = dense(dtype, Shape.of(dims)).permute(order);
    for (int i = 0; i < rank; i++) {
      array = array.slice(i, 1, 1 + shape.dim(i));
    }
    return array;
  }

  /** {@return an array of few different numbers, NaN and −0 among them if it may hold them} */
  private static NdArray filled(DType dtype, Shape shape, boolean special) {
    Random random = new Random(shape.size());
    NdArray plain = dense(dtype, shape);
    MemorySegment segment = plain.storage().segment();
    for (long i = 0; i < shape.size(); i++) {
      double value = random.nextInt(9) - 4;
      if (dtype.isFloating() && special) {
        int kind = random.nextInt(30);
        value = kind == 0 ? Double.NaN : kind == 1 ? -0.0 : value;
      }
      dtype.set(segment, i, dtype.isFloating() && !special ? value / 8 : value);
    }
    NdArray array = strided(dtype, shape);
    REFERENCE.copy(plain, array);
    return array;
  }

  private static NdArray indices(DType dtype, Shape shape, int extent) {
    Random random = new Random(extent);
    NdArray plain = dense(dtype, shape);
    for (long i = 0; i < shape.size(); i++) {
      dtype.setLong(plain.storage().segment(), i, random.nextInt(extent));
    }
    NdArray array = strided(dtype, shape);
    REFERENCE.copy(plain, array);
    return array;
  }

  private static long address(NdArray array) {
    return array.storage().segment().address() + array.layout().offset() * array.dtype().byteSize();
  }

  private static int[] lines(Shape shape, int axis) {
    int[] dims = shape.dims();
    dims[axis] = 1;
    return dims;
  }

  private static void add(String name, NdArray actual, Consumer<NdArray> expected, Step... steps) {
    for (Step step : steps) {
      KERNELS.add(step.source);
    }
    CASES.add(new Case(name, List.of(steps), actual, expected));
  }

  private static void picks() {
    for (DType of : List.of(DType.I32, DType.I64)) {
      NdArray table = filled(DType.F32, Shape.of(5, 40, 3), true);
      NdArray places = indices(of, Shape.of(5, 70, 3), 40);
      NdArray picked = strided(DType.F32, places.shape());
      Places walk =
          Places.inOrderOf(
              picked,
              places.shape().dims(),
              Places.Path.of("table", table).with(1, 0),
              Places.Path.of("indices", places),
              Places.Path.of("picked", picked));
      Step gather =
          new Step(
              new Gathering.Text(4, of, walk.form()).source(),
              KernelText.blocks(walk.size()),
              THREADS,
              a ->
                  walk.addTo(
                      a.pointer(address(table))
                          .pointer(address(places))
                          .pointer(address(picked))
                          .int64(40)
                          .int64(table.layout().stride(1))));
      add("gather " + of, picked, out -> REFERENCE.gather(table, 1, places, out), gather);

      NdArray added = filled(DType.F64, places.shape(), false);
      NdArray sums = filled(DType.F64, table.shape(), false);
      Places each =
          Places.over(
              lines(places.shape(), 1),
              Places.Path.of("table", sums),
              Places.Path.of("indices", places),
              Places.Path.of("added", added));
      Step scatter =
          new Step(
              new Adding.Text(false, DType.F64, of, each.form()).source(),
              KernelText.blocks(each.size()),
              THREADS,
              a ->
                  each.addTo(
                      a.pointer(address(sums))
                          .pointer(address(places))
                          .pointer(address(added))
                          .int64(40)
                          .int64(sums.layout().stride(1))
                          .int64(70)
                          .int64(places.layout().stride(1))
                          .int64(added.layout().stride(1))));
      add("scatterAdd " + of, sums, out -> REFERENCE.scatterAdd(added, 1, places, out), scatter);
    }
  }

  private static void searches() {
    for (DType dtype : PrintedIndexKernels.ORDERED) {
      for (boolean byBlocks : new boolean[] {false, true}) {
        for (Order order : List.of(Order.RISING, Order.FALLING_TO_NAN)) {
          NdArray x = filled(dtype, Shape.of(3, 300, 4), true);
          NdArray out = strided(DType.I64, Shape.of(3, 4));
          Places walk =
              Places.over(
                  lines(x.shape(), 1), Places.Path.of("x", x), Places.Path.without(1, "out", out));
          Step step =
              new Step(
                  new Searching.Text(byBlocks, order, dtype, walk.form()).source(),
                  byBlocks ? walk.size() : KernelText.blocks(walk.size()),
                  THREADS,
                  a ->
                      walk.addTo(
                          a.pointer(address(x))
                              .int32(300)
                              .int64(x.layout().stride(1))
                              .pointer(address(out))));
          Consumer<NdArray> expected =
              order == Order.RISING
                  ? to -> REFERENCE.argMax(x, 1, to)
                  : to -> REFERENCE.argMin(x, 1, to);
          add("search " + order + dtype + byBlocks, out, expected, step);
        }
      }
    }
  }

  private static void sorts() {
    for (DType dtype : PrintedIndexKernels.ORDERED) {
      for (Order order : List.of(Order.RISING, Order.FALLING)) {
        for (int wanted : new int[] {5, 90}) {
          NdArray x = filled(dtype, Shape.of(3, 90, 2), true);
          NdArray values = strided(dtype, Shape.of(3, wanted, 2));
          NdArray found = strided(DType.I64, values.shape());
          Places walk =
              Places.over(
                  lines(x.shape(), 1),
                  Places.Path.of("x", x),
                  Places.Path.of("values", values),
                  Places.Path.of("indices", found));
          Step step =
              new Step(
                  new Sorting.Lines(dtype, order, walk.form()).source(),
                  walk.size(),
                  64,
                  a ->
                      walk.addTo(
                          a.pointer(address(x))
                              .int32(90)
                              .int64(x.layout().stride(1))
                              .int32(128)
                              .pointer(address(values))
                              .int64(values.layout().stride(1))
                              .pointer(address(found))
                              .int64(found.layout().stride(1))
                              .int32(wanted)));
          boolean falling = order == Order.FALLING;
          NdArray other = dense(dtype, values.shape());
          add(
              "sort " + order + dtype + wanted,
              found,
              out -> REFERENCE.sort(x, 1, falling, other, out),
              step);
        }
      }
    }
  }

  private static void scans() {
    for (DType dtype : PrintedIndexKernels.ORDERED) {
      for (ReduceOp op : ReduceOp.values()) {
        for (boolean byBlocks : new boolean[] {false, true}) {
          boolean extreme = op == ReduceOp.MAX || op == ReduceOp.MIN;
          NdArray x = filled(dtype, Shape.of(2, 5000), extreme);
          NdArray out = strided(dtype, x.shape());
          Places walk =
              Places.over(lines(x.shape(), 1), Places.Path.of("x", x), Places.Path.of("out", out));
          Step step =
              new Step(
                  new Scans.Text(byBlocks, op, dtype, walk.form()).source(),
                  byBlocks ? walk.size() : KernelText.blocks(walk.size()),
                  THREADS,
                  a ->
                      walk.addTo(
                          a.pointer(address(x))
                              .int64(5000)
                              .int64(x.layout().stride(1))
                              .pointer(address(out))
                              .int64(out.layout().stride(1))
                              .int32(byBlocks ? 1 : 0)));
          Consumer<NdArray> expected = to -> REFERENCE.scan(op, x, 1, byBlocks, false, to);
          add("scan " + op + dtype + byBlocks, out, expected, step);
        }
      }
    }
  }

  private static void numbers() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (Distribution distribution : Distribution.values()) {
        NdArray out = strided(dtype, Shape.of(7, 31, 5));
        Places walk = Places.over(out.shape().dims(), Places.Path.of("out", out));
        Step step =
            new Step(
                new Randomness.Text(distribution, dtype, walk.form()).source(),
                KernelText.blocks((walk.size() + 1) / 2),
                THREADS,
                a -> walk.addTo(a.pointer(address(out)).int32(7).int32(-2).int32(3).int32(-4)));
        long seed = -2L << 32 | 7;
        long stream = -4L << 32 | 3;
        Consumer<NdArray> expected = to -> REFERENCE.random(distribution, seed, stream, to);
        add("random " + distribution + dtype, out, expected, step);
      }
    }
  }

  private static void pools() {
    Window window = Window.of(3, 2).withStride(2, 1).withPadding(1, 0).withDilation(1, 2);
    Shape shape = Shape.of(2, 3, 11, 9);
    for (PoolSpec spec :
        List.of(PoolSpec.of(shape, window, true), PoolSpec.adaptive(shape, 4, 7))) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        boolean slides = spec.window().isPresent();
        NdArray x = filled(dtype, shape, true);
        NdArray largest = strided(dtype, spec.output());
        NdArray chosen = strided(DType.I32, spec.output());
        add(
            "max " + slides + dtype,
            chosen,
            out -> REFERENCE.maxPool(spec, x, dense(dtype, spec.output()), out),
            pool(Pooling.Kind.MAX, spec, false, largest, x, largest, chosen));
        NdArray grad = filled(dtype, spec.output(), false);
        NdArray back = strided(dtype, shape);
        NdArray places = strided(DType.I32, spec.output());
        REFERENCE.maxPool(spec, x, dense(dtype, spec.output()), places);
        add(
            "max backward " + slides + dtype,
            back,
            out -> REFERENCE.maxPoolBackward(spec, grad, places, out),
            pool(Pooling.Kind.MAX_BACKWARD, spec, false, back, grad, places, back));
        for (boolean padding : new boolean[] {false, true}) {
          NdArray from = filled(dtype, shape, false);
          NdArray mean = strided(dtype, spec.output());
          add(
              "average " + slides + dtype + padding,
              mean,
              out -> REFERENCE.avgPool(spec, padding, from, out),
              pool(Pooling.Kind.AVERAGE, spec, padding, mean, from, mean));
          NdArray spread = strided(dtype, shape);
          add(
              "average backward " + slides + dtype + padding,
              spread,
              out -> REFERENCE.avgPoolBackward(spec, padding, grad, out),
              pool(Pooling.Kind.AVERAGE_BACKWARD, spec, padding, spread, grad, spread));
        }
      }
    }
  }

  private static Step pool(
      Pooling.Kind kind, PoolSpec spec, boolean padding, NdArray written, NdArray... arrays) {
    Pooling.Text text = new Pooling.Text(kind, written.dtype(), spec.window().isPresent(), true);
    return new Step(
        text.source(),
        KernelText.blocks(written.size()),
        THREADS,
        a -> {
          for (NdArray array : arrays) {
            a.pointer(address(array));
            PoolArguments.addStrides(a, array);
          }
          if (kind == Pooling.Kind.AVERAGE || kind == Pooling.Kind.AVERAGE_BACKWARD) {
            a.int32(padding ? 1 : 0);
          }
          PoolArguments.addGeometry(a, spec);
          return a.int32((int) written.size());
        });
  }

  @Test
  void kernelsGiveTheReferencesResults() {
    CASES.forEach(Case::check);
  }

  @Test
  void allKernelsAreOfTheSubsetThatIsInterpreted() {
    PrintedIndexKernels.all()
        .forEach(
            (name, source) ->
                assertEquals(
                    List.of(source.name()), SimtProgram.parse(source.text()).kernels(), name));
  }
}
