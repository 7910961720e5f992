// Tensors: numbers in a grid, and what one can do with them. Run it with
//   ./lanewise run nn/examples/Tensors.java
import module dev.lanewise.nn;

void main() {
  creating();
  arithmetic();
  sums();
  parts();
  inPlace();
  shapes();
  masks();
}

/** Prints a line with a tensor under it. */
void show(String what, Tensor x) {
  IO.println(what + "\n" + x + "\n");
}

void creating() {
  show("from Java's numbers", Tensor.of(new float[][] {{1, 2}, {3, 4}}));
  show("zeros", Tensor.zeros(2, 3));
  show("counted", Tensor.arange(10));
  show("evenly from 0 to 1", Tensor.linspace(0, 1, 5));

  // Random numbers come from a generator: the same seed gives the same numbers, on every machine
  // and with any number of threads.
  var generator = new Generator(42);
  show("normally distributed", Tensor.randomNormal(generator, Shape.of(3, 4)));
}

void arithmetic() {
  var a = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});

  // A row is subtracted from every row: the smaller shape stretches to the larger one.
  show("a - a[0]", a.sub(a.at("0")));
  show("each row divided by its largest", a.div(a.max(true, 1)));

  // Functions work on each element. A part of the result becomes a Java array by a copy.
  show("exp(a)", a.exp());
  IO.println(
      "exp(a)[0] as Java's numbers: " + Arrays.toString(a.exp().at("0").toFloatArray()) + "\n");

  show("a · a, the product of matrices", a.matmul(a));
}

void sums() {
  var a = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
  show("over all", a.sum());
  show("down the columns", a.sum(0));
  show("along the rows, which stay as an axis of extent 1", a.sum(true, 1));
  show("where each row is largest", a.argMax(1));
}

void parts() {
  var a = Tensor.of(new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}});
  show("the last row", a.at("-1"));
  show("every second column", a.at(":, ::2"));
  show("some rows, in any order", a.indexSelect(0, Tensor.of(new int[] {2, 0, 2})));

  // Row by row, as in a loop over a list.
  for (Tensor row : a.unstack(0)) {
    IO.println("a row with the sum " + row.sum().item());
  }
  IO.println();
}

void inPlace() {
  var total = Tensor.zeros(3);
  for (Tensor row : Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}).unstack(0)) {
    // add makes a new tensor, addInPlace changes this one.
    total.addInPlace(row);
  }
  show("summed in place", total);
}

void shapes() {
  var a = Tensor.arange(12).cast(DType.F32);
  var matrix = a.reshape(3, 4); // the same memory, seen in another way
  show("three rows of four", matrix);
  show("its transpose", matrix.transpose());
  show("one column, however long", a.reshape(-1, 1).at(":3"));
}

void masks() {
  var a = Tensor.of(new float[] {-2, -1, 0, 1, 2});
  var positive = a.gt(0);
  show("is it positive?", positive);
  show("0 where it is not", Tensor.where(positive, a, Tensor.zeros(5)));
  IO.println("share of positive numbers: " + positive.cast(DType.F32).mean().item());
}
