package dev.lanewise.simd;

import dev.lanewise.array.NdArray;
import dev.lanewise.kernel.CellSpec;
import dev.lanewise.kernel.ComposedCells;

/** Steps of recurrent cells. */
final class Cells {
  private static final int LSTM = 0;
  private static final int LSTM_BACKWARD = 1;
  private static final int GRU = 2;
  private static final int GRU_BACKWARD = 3;

  private final Workers workers;
  private final Plans<LoopPlan> plans = new Plans<>();

  Cells(Workers workers) {
    this.workers = workers;
  }

  /** Checks a call and computes a step of an LSTM. */
  void lstm(NdArray gates, NdArray c, NdArray activations, NdArray cNext, NdArray hNext) {
    Signature call = Signature.of(null, LSTM).in(gates).in(c);
    call.out(activations, 0).out(cNext).out(hNext).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      CellSpec spec = CellSpec.lstm(gates, c, activations, cNext, hNext);
      if (plan == null) {
        if (c.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops -> ComposedCells.lstm(loops, spec, gates, c, activations, cNext, hNext),
                gates,
                c,
                activations,
                cNext,
                hNext);
      }
    }
    plan.at(0, gates).at(1, c).at(2, activations).at(3, cNext).at(4, hNext).run();
    plans.giveBack(plan);
  }

  /** Checks a call and computes the gradients of a step of an LSTM. */
  void lstmBackward(
      NdArray activations,
      NdArray c,
      NdArray cNext,
      NdArray hNextGrad,
      NdArray cNextGrad,
      NdArray gatesGrad,
      NdArray cGrad) {
    Signature call = Signature.of(null, LSTM_BACKWARD).in(activations).in(c).in(cNext);
    call.in(hNextGrad).in(cNextGrad).out(gatesGrad, 0).out(cGrad).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      NdArray[] states = {c, cNext, hNextGrad, cNextGrad};
      CellSpec spec = CellSpec.lstmBackward(activations, states, gatesGrad, cGrad);
      if (plan == null) {
        if (c.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops ->
                    ComposedCells.lstmBackward(loops, spec, activations, states, gatesGrad, cGrad),
                activations,
                c,
                cNext,
                hNextGrad,
                cNextGrad,
                gatesGrad,
                cGrad);
      }
    }
    plan.at(0, activations).at(1, c).at(2, cNext).at(3, hNextGrad).at(4, cNextGrad);
    plan.at(5, gatesGrad).at(6, cGrad).run();
    plans.giveBack(plan);
  }

  /** Checks a call and computes a step of a GRU. */
  void gru(NdArray xGates, NdArray hGates, NdArray h, NdArray activations, NdArray hNext) {
    Signature call = Signature.of(null, GRU).in(xGates).in(hGates).in(h);
    call.out(activations, 0).out(hNext).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      CellSpec spec = CellSpec.gru(xGates, hGates, h, activations, hNext);
      if (plan == null) {
        if (h.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops -> ComposedCells.gru(loops, spec, xGates, hGates, h, activations, hNext),
                xGates,
                hGates,
                h,
                activations,
                hNext);
      }
    }
    plan.at(0, xGates).at(1, hGates).at(2, h).at(3, activations).at(4, hNext).run();
    plans.giveBack(plan);
  }

  /** Checks a call and computes the gradients of a step of a GRU. */
  void gruBackward(
      NdArray activations,
      NdArray hGates,
      NdArray h,
      NdArray hNextGrad,
      NdArray xGatesGrad,
      NdArray hGatesGrad,
      NdArray hGrad) {
    Signature call = Signature.of(null, GRU_BACKWARD).in(activations).in(hGates).in(h);
    call.in(hNextGrad).out(xGatesGrad, 0).out(hGatesGrad).out(hGrad).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      NdArray[] gateIns = {activations, hGates};
      NdArray[] states = {h, hNextGrad};
      NdArray[] gateGrads = {xGatesGrad, hGatesGrad};
      CellSpec spec = CellSpec.gruBackward(gateIns, states, gateGrads, hGrad);
      if (plan == null) {
        if (h.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops -> ComposedCells.gruBackward(loops, spec, gateIns, states, gateGrads, hGrad),
                activations,
                hGates,
                h,
                hNextGrad,
                xGatesGrad,
                hGatesGrad,
                hGrad);
      }
    }
    plan.at(0, activations).at(1, hGates).at(2, h).at(3, hNextGrad);
    plan.at(4, xGatesGrad).at(5, hGatesGrad).at(6, hGrad).run();
    plans.giveBack(plan);
  }
}
