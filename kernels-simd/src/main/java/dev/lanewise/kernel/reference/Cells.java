package dev.lanewise.kernel.reference;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.CellSpec;
import dev.lanewise.kernel.UnaryOp;

/** Steps of recurrent cells, unit by unit in double. */
final class Cells {
  private Cells() {}

  private static double sigmoid(double x) {
    return UnaryOp.SIGMOID.apply(x);
  }

  private static double slope(double y) {
    return y * (1 - y);
  }

  /** {@return the numbers of a unit's gates} */
  private static double[] gates(CellSpec spec, Elements x, int[] at) {
    double[] gates = new double[spec.gates()];
    for (int i = 0; i < gates.length; i++) {
      gates[i] = x.get(new int[] {at[0], i * spec.units() + at[1]});
    }
    return gates;
  }

  private static void write(CellSpec spec, NdArray to, int[] at, double... gates) {
    Elements out = new Elements(to);
    for (int i = 0; i < gates.length; i++) {
      out.set(new int[] {at[0], i * spec.units() + at[1]}, gates[i]);
    }
  }

  static void lstm(
      CellSpec spec, NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
    Elements in = new Elements(gates);
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double[] z = gates(spec, in, u.at());
      double i = sigmoid(z[0]);
      double f = sigmoid(z[1]);
      double g = Math.tanh(z[2]);
      double o = sigmoid(z[3]);
      double next = f * new Elements(c).get(u.at()) + i * g;
      write(spec, activations, u.at(), i, f, g, o);
      new Elements(cNext).set(u.at(), next);
      new Elements(hNext).set(u.at(), o * Math.tanh(next));
    }
  }

  static void lstmBackward(
      CellSpec spec, NdArray activations, NdArray[] states, NdArray gatesGrad, NdArray cGrad) {
    Elements[] in = Elements.of(states);
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double[] a = gates(spec, new Elements(activations), u.at());
      double t = Math.tanh(in[1].get(u.at()));
      double up = in[2].get(u.at());
      double ofC = in[3].get(u.at()) + up * a[3] * (1 - t) * (1 + t);
      write(
          spec,
          gatesGrad,
          u.at(),
          ofC * a[2] * slope(a[0]),
          ofC * in[0].get(u.at()) * slope(a[1]),
          ofC * a[0] * (1 - a[2]) * (1 + a[2]),
          up * t * slope(a[3]));
      new Elements(cGrad).set(u.at(), ofC * a[1]);
    }
  }

  static void gru(
      CellSpec spec,
      NdArray xGates,
      NdArray hGates,
      NdArray h,
      NdArray activations,
      NdArray hNext) {
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double[] x = gates(spec, new Elements(xGates), u.at());
      double[] s = gates(spec, new Elements(hGates), u.at());
      double r = sigmoid(x[0] + s[0]);
      double z = sigmoid(x[1] + s[1]);
      double g = Math.tanh(x[2] + r * s[2]);
      write(spec, activations, u.at(), r, z, g);
      new Elements(hNext).set(u.at(), (1 - z) * g + z * new Elements(h).get(u.at()));
    }
  }

  static void gruBackward(
      CellSpec spec, NdArray[] gateIns, NdArray[] states, NdArray[] gateGrads, NdArray hGrad) {
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double[] a = gates(spec, new Elements(gateIns[0]), u.at());
      double[] s = gates(spec, new Elements(gateIns[1]), u.at());
      double up = new Elements(states[1]).get(u.at());
      double ofG = up * (1 - a[1]) * (1 - a[2]) * (1 + a[2]);
      double ofR = ofG * s[2] * slope(a[0]);
      double ofZ = up * (new Elements(states[0]).get(u.at()) - a[2]) * slope(a[1]);
      write(spec, gateGrads[0], u.at(), ofR, ofZ, ofG);
      write(spec, gateGrads[1], u.at(), ofR, ofZ, ofG * a[0]);
      new Elements(hGrad).set(u.at(), up * a[1]);
    }
  }

  static void gruGates(
      CellSpec spec, NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double[] x = gates(spec, new Elements(gates), u.at());
      double r = sigmoid(x[0]);
      write(spec, activations, u.at(), r, sigmoid(x[1]));
      new Elements(resetH).set(u.at(), r * new Elements(h).get(u.at()));
    }
  }

  static void gruState(
      CellSpec spec, NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    Elements[] in = Elements.of(candidate, z, h);
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double t = Math.tanh(in[0].get(u.at()));
      double keep = in[1].get(u.at());
      new Elements(g).set(u.at(), t);
      new Elements(hNext).set(u.at(), (1 - keep) * t + keep * in[2].get(u.at()));
    }
  }

  static void gruStateBackward(
      CellSpec spec, NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    Elements[] in = Elements.of(g, z, hNextGrad);
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double t = in[0].get(u.at());
      double ofG = in[2].get(u.at()) * (1 - in[1].get(u.at()));
      new Elements(candidateGrad).set(u.at(), ofG * (1 - t) * (1 + t));
    }
  }

  static void gruGatesBackward(
      CellSpec spec, NdArray activations, NdArray[] states, NdArray gatesGrad, NdArray hGrad) {
    Elements[] in = Elements.of(states);
    for (Index u = new Index(spec.state()); u.inside(); u.next()) {
      double[] a = gates(spec, new Elements(activations), u.at());
      double h = in[1].get(u.at());
      double up = in[2].get(u.at());
      double ofReset = in[3].get(u.at());
      double ofZ = up * (h - in[0].get(u.at())) * slope(a[1]);
      write(spec, gatesGrad, u.at(), ofReset * h * slope(a[0]), ofZ);
      new Elements(hGrad).set(u.at(), up * a[1] + ofReset * a[0]);
    }
  }
}
