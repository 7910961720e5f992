package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.bench.RandomFloats;
import dev.lanewise.kernel.Backend;
import java.util.List;
import java.util.Locale;

/**
 * Rows or elements of a table {@code [entries, width]} that are picked by indices, or added at
 * them. The answer of adding is that of the first call.
 *
 * @param op what is done
 * @param entries rows of the table
 * @param width columns of the table
 * @param picks how many rows are picked
 */
public record Picking(Op op, int entries, int width, int picks) implements KernelCase {
  /** What is done. */
  public enum Op {
    /** Whole rows are picked, as by an embedding. */
    INDEX_SELECT(false, true),
    /** Whole rows are added, as by an embedding's gradient. */
    INDEX_ADD(true, true),
    /** Each element has an index of its own. */
    GATHER(false, false),
    /** Elements are added, each at an index of its own. */
    SCATTER_ADD(true, false);

    private final boolean adds;
    private final boolean byRow;

    Op(boolean adds, boolean byRow) {
      this.adds = adds;
      this.byRow = byRow;
    }

    /** {@return whether it adds to the table} */
    public boolean adds() {
      return adds;
    }

    /** {@return whether a row has one index} */
    public boolean byRow() {
      return byRow;
    }
  }

  @Override
  public String kernel() {
    return op.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Override
  public String shape() {
    return picks + " of " + entries + "x" + width;
  }

  /** {@return the memory of what is picked, at both ends, and of indices in 64 bits} */
  @Override
  public Work work() {
    double picked = (double) picks * width;
    return Work.memory((op.adds ? 3 : 2) * picked + 2.0 * indices());
  }

  private int indices() {
    return op.byRow ? picks : picks * width;
  }

  @Override
  public boolean isQuick() {
    return picks * width <= 1 << 16;
  }

  /** {@return the table, or what is added; and the indices} */
  @Override
  public List<float[]> inputs() {
    return List.of(
        RandomFloats.of((op.adds ? picks : entries) * width, 1, 1),
        RandomFloats.indices(indices(), entries, 2));
  }

  @Override
  public Kernel on(Backend backend, List<float[]> inputs) {
    Scope scope = Scope.open(id());
    NdArray x = NdArray.of(backend, inputs.get(0), op.adds ? picks : entries, width);
    int[] dims = op.byRow ? new int[] {picks} : new int[] {picks, width};
    NdArray indices = Stored.of(backend, DType.I64, inputs.get(1), dims);
    NdArray out = NdArray.zeros(backend, DType.F32, Shape.of(op.adds ? entries : picks, width));
    return Kernel.of(
        scope,
        out,
        switch (op) {
          case INDEX_SELECT -> () -> backend.indexSelect(x, 0, indices, out);
          case INDEX_ADD -> () -> backend.indexAdd(x, 0, indices, out);
          case GATHER -> () -> backend.gather(x, 0, indices, out);
          case SCATTER_ADD -> () -> backend.scatterAdd(x, 0, indices, out);
        });
  }

  @Override
  public Exact exact(List<float[]> inputs) {
    float[] x = inputs.get(0);
    float[] indices = inputs.get(1);
    if (op.adds) {
      return new Exact(entries * width, picks, index -> added(x, indices, index));
    }
    return new Exact(
        picks * width,
        1,
        index -> {
          int row = entry(indices, index / width, index % width);
          return new Exact.Element(x[row * width + index % width], 0);
        });
  }

  private int entry(float[] indices, int pick, int column) {
    return (int) (op.byRow ? indices[pick] : indices[pick * width + column]);
  }

  private Exact.Element added(float[] x, float[] indices, int index) {
    int column = index % width;
    double sum = 0;
    double magnitudes = 0;
    int terms = 0;
    for (int pick = 0; pick < picks; pick++) {
      if (entry(indices, pick, column) == index / width) {
        sum += x[pick * width + column];
        magnitudes += Math.abs(x[pick * width + column]);
        terms++;
      }
    }
    return Exact.Element.sum(sum, magnitudes, terms, 0x1p-24);
  }
}
