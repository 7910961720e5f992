package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.BoxMuller;

/** {@link BoxMuller}'s arithmetic in instructions, operation by operation. */
final class Normals extends MathCode {
  private Normals() {
    super(new Ssa(DType.F64));
  }

  /** {@return a loop that makes pairs of normal numbers of pairs of uniform ones} */
  static LoopKernel loop() {
    Normals code = new Normals();
    int radius = code.radius(code.ssa.arg(0));
    int[] directions = code.directions(code.ssa.arg(1));
    int[] results = {code.mul(radius, directions[0]), code.mul(radius, directions[1])};
    boolean[] rowConstant = {false, false};
    Lowering.Body body = new Lowering.Body(code.ssa, results);
    return Kernels.of(new LoopSpec(Form.MAP, body, rowConstant, null), "Loop_normals");
  }

  private int radius(int u) {
    int x = sub(c(1), u);
    int e = ssa.emit(Ssa.Op.LOG_EXPONENT, x);
    int m = sub(ssa.emit(Ssa.Op.LOG_MANTISSA, x), c(1));
    int s = div(m, add(m, c(2)));
    int z = mul(s, s);
    int small = fma(mul(s, z), polynomial(z, BoxMuller.logarithmSeries()), add(s, s));
    return sqrt(mul(c(-2), fma(e, c(BoxMuller.LN_2), small)));
  }

  /** {@return the cosine and the sine of a random angle} */
  private int[] directions(int v) {
    int turn = sub(v, c(0.5));
    int quarters = nearest(turn, 4);
    int angle = mul(fma(quarters, c(-0.25), turn), c(2 * Math.PI));
    int z = mul(angle, angle);
    int cosine = fma(mul(z, z), polynomial(z, BoxMuller.cosineSeries()), fma(z, c(-0.5), c(1)));
    int sine = fma(mul(angle, z), polynomial(z, BoxMuller.sineSeries()), angle);
    int toCosine = sub(abs(quarters), c(1));
    int toSine = mul(quarters, sub(abs(quarters), c(2)));
    return new int[] {
      fma(toCosine, cosine, mul(neg(toSine), sine)), fma(toCosine, sine, mul(toSine, cosine))
    };
  }
}
