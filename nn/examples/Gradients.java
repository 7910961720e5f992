// Gradients: from the slope of a bowl to a line through points, and to a line between classes. Run
// it with
//   ./lanewise run nn/examples/Gradients.java
import module dev.lanewise.nn;

void main() {
  slopes();
  bowl();
  line();
  lineByAllPoints();
  classes();
}

/** A tensor that requires a gradient remembers what is computed from it. */
void slopes() {
  var a = Tensor.of(new float[] {3, 6, 5}).requiresGrad(true);
  var b = Tensor.of(new float[] {4, 8, 12}).requiresGrad(true);
  var c = a.square().add(b.square()).sqrt().mean();
  IO.println("the mean length is " + c.item() + ", made by " + c.gradFn());

  c.backward(true); // true: what was remembered is kept, for another walk back
  IO.println("its slope by a: " + Arrays.toString(a.grad().toFloatArray()));

  // A second walk adds to the gradients: that is why training sets them to zero before each step.
  c.backward();
  IO.println("added a second time: " + Arrays.toString(a.grad().toFloatArray()));
  a.zeroGrad();

  // The same as TensorFlow writes it: a tape watches, and gives gradients as values.
  try (Tape tape = Tape.open()) {
    var x = Tensor.scalar(3);
    tape.watch(x);
    IO.println("the slope of x² at 3: " + tape.gradient(x.square(), x).item());
  }

  // Of several results, a gradient needs to know how much each counts. Rows of the identity give
  // the Jacobian.
  var jacobian = Functional.jacobian(Tensor::square, a.detach());
  IO.println("the Jacobian of a²:\n" + jacobian + "\n");
}

/** Down the slope to the lowest point, (3, -2), of (x₁ - 3)² + (x₂ + 2)². */
void bowl() {
  var lowest = Tensor.of(new float[] {3, -2});
  var x = Tensor.zeros(2).requiresGrad(true);
  for (int step = 0; step < 15; step++) {
    x.zeroGrad();
    x.sub(lowest).square().sum().backward();
    try (var _ = Grad.off()) { // the step itself is not to be remembered
      x.subInPlace(x.grad().mul(0.1));
    }
    IO.println("step " + step + ": " + Arrays.toString(x.toFloatArray()));
  }
  IO.println();
}

/** Points around the line y = 2x + 0.9; the same that NumPy draws with this seed. */
record Points(Tensor x, Tensor y) {
  static Points draw() {
    var random = new NumpyRandom(13);
    var x = Tensor.linspace(Backends.best(), DType.F64, 0, 3, 120);
    var y = x.mul(2).add(0.9).add(random.randn(120).mul(0.5));
    var order = Tensor.of(random.permutation(120));
    return new Points(
        x.indexSelect(0, order).cast(DType.F32).reshape(-1, 1),
        y.indexSelect(0, order).cast(DType.F32).reshape(-1, 1));
  }

  Points slice(int from, int to) {
    return new Points(x.slice(0, from, to), y.slice(0, from, to));
  }
}

/** A model of one weight and one bias: the prediction is x · w + b. */
record Line(Tensor w, Tensor b) {
  static Line start(float slope) {
    return new Line(
        Tensor.full(Shape.of(1, 1), slope).requiresGrad(true), Tensor.zeros(1).requiresGrad(true));
  }

  /** One step of gradient descent, by the mean of the squared distances. */
  double step(Points points, double rate) {
    w.zeroGrad();
    b.zeroGrad();
    var loss = points.x.matmul(w).add(b).sub(points.y).square().mean();
    loss.backward();
    try (var _ = Grad.off()) {
      w.subInPlace(w.grad().mul(rate));
      b.subInPlace(b.grad().mul(rate));
    }
    return loss.item();
  }

  @Override
  public String toString() {
    return "y = %.6f x %+.6f".formatted(w.item(), b.item());
  }
}

/** A few points at a time: 30 steps an epoch. */
void line() {
  var points = Points.draw();
  var line = Line.start(100);
  for (int epoch = 0; epoch < 10; epoch++) {
    double last = 0;
    for (int i = 0; i < 120; i += 4) {
      last = line.step(points.slice(i, i + 4), 0.1);
    }
    IO.println("epoch %d: last batch loss = %.4f".formatted(epoch, last));
  }
  IO.println("found " + line + ", the points were drawn around y = 2 x + 0.9\n");
}

/** All points at once: one step an epoch, smoother and slower. */
void lineByAllPoints() {
  var points = Points.draw();
  var line = Line.start(10);
  for (int epoch = 0; epoch < 10; epoch++) {
    IO.println("epoch %d: loss = %.4f".formatted(epoch, line.step(points, 0.1)));
  }
  IO.println("so far " + line + "\n");
}

/**
 * Two classes of points in the plane, and the line that a model of two weights draws between them.
 */
void classes() {
  var split =
      SyntheticClassification.of(100, 2)
          .withFlippedShare(0.05)
          .withSeparation(1.5)
          .draw(0)
          .split(0.7, 1);
  var train = Sample.of(split.train());
  var test = Sample.of(split.test());

  // Features are scaled to 0 … 1 by what the training data shows, and by nothing else.
  var low = train.x.min(0);
  var range = train.x.max(0).sub(low);
  var x = train.x.sub(low).div(range);
  var w = Tensor.zeros(2, 1).requiresGrad(true);
  var b = Tensor.zeros(1).requiresGrad(true);
  var loss = new BinaryCrossentropy(true); // from logits: the sigmoid is a part of the loss
  for (int epoch = 0; epoch < 200; epoch++) {
    w.zeroGrad();
    b.zeroGrad();
    var wrong = loss.apply(x.matmul(w).add(b), train.y);
    wrong.backward();
    try (var _ = Grad.off()) {
      w.subInPlace(w.grad().mul(2));
      b.subInPlace(b.grad().mul(2));
    }
    if (epoch % 50 == 49) {
      IO.println("epoch %d: loss = %.4f".formatted(epoch + 1, wrong.item()));
    }
  }

  var scaled = test.x.sub(low).div(range); // the same scale as in training
  var right = scaled.matmul(w).add(b).gt(0).eq(test.y.gt(0)).cast(DType.F32).mean();
  IO.println("right on points it has never seen: %.0f %%".formatted(100 * right.item()));

  // Where the logit is 0, both classes are equally likely.
  double w0 = w.data().get(0, 0);
  double w1 = w.data().get(1, 0);
  IO.println(
      "the line between them, on the scale of 0 to 1: y = %.2f - %.2f x"
          .formatted(-b.item() / w1, w0 / w1));
  IO.println(picture(x.toFloatArray(), train.y.toFloatArray(), w0, w1, b.item()));
}

record Sample(Tensor x, Tensor y) {
  static Sample of(LabeledDataset data) {
    var y = Tensor.of(data.labels()).cast(DType.F32).reshape(-1, 1);
    return new Sample(Tensor.of(data.features(), data.size(), 2), y);
  }
}

/** Draws the points, 'o' and 'x' by their class, and the line. */
String picture(float[] x, float[] classes, double w0, double w1, double b) {
  char[][] grid = new char[21][61];
  for (char[] row : grid) {
    Arrays.fill(row, ' ');
  }
  for (int column = 0; column <= 60; column++) {
    long height = Math.round(20 * -(b + w0 * column / 60) / w1);
    if (height >= 0 && height <= 20) {
      grid[20 - (int) height][column] = '.';
    }
  }
  for (int i = 0; i < classes.length; i++) {
    grid[20 - Math.round(20 * x[2 * i + 1])][Math.round(60 * x[2 * i])] =
        classes[i] == 0 ? 'o' : 'x';
  }
  return Arrays.stream(grid).map(String::new).collect(Collectors.joining("\n"));
}
