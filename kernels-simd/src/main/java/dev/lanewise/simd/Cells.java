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
  private static final int GRU_GATES = 4;
  private static final int GRU_STATE = 5;
  private static final int GRU_STATE_BACKWARD = 6;
  private static final int GRU_GATES_BACKWARD = 7;

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

  /** Checks a call and computes the gates of a GRU that resets before the product. */
  void gruGates(NdArray gates, NdArray h, NdArray activations, NdArray resetH) {
    Signature call = Signature.of(null, GRU_GATES).in(gates).in(h);
    call.out(activations, 0).out(resetH).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      CellSpec spec = CellSpec.gruGates(gates, h, activations, resetH);
      if (plan == null) {
        if (h.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops -> ComposedCells.gruGates(loops, spec, gates, h, activations, resetH),
                gates,
                h,
                activations,
                resetH);
      }
    }
    plan.at(0, gates).at(1, h).at(2, activations).at(3, resetH).run();
    plans.giveBack(plan);
  }

  /** Checks a call and computes the next state of a GRU that resets before the product. */
  void gruState(NdArray candidate, NdArray z, NdArray h, NdArray g, NdArray hNext) {
    Signature call = Signature.of(null, GRU_STATE).in(candidate).in(z).in(h);
    call.out(g, 0).out(hNext).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      CellSpec.gruState(candidate, z, h, g, hNext);
      if (plan == null) {
        if (h.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops -> ComposedCells.gruState(loops, candidate, z, h, g, hNext),
                candidate,
                z,
                h,
                g,
                hNext);
      }
    }
    plan.at(0, candidate).at(1, z).at(2, h).at(3, g).at(4, hNext).run();
    plans.giveBack(plan);
  }

  /** Checks a call and computes the gradient by a GRU's candidate. */
  void gruStateBackward(NdArray g, NdArray z, NdArray hNextGrad, NdArray candidateGrad) {
    Signature call = Signature.of(null, GRU_STATE_BACKWARD).in(g).in(z).in(hNextGrad);
    call.out(candidateGrad).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      CellSpec.gruStateBackward(g, z, hNextGrad, candidateGrad);
      if (plan == null) {
        if (g.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops -> ComposedCells.gruStateBackward(loops, g, z, hNextGrad, candidateGrad),
                g,
                z,
                hNextGrad,
                candidateGrad);
      }
    }
    plan.at(0, g).at(1, z).at(2, hNextGrad).at(3, candidateGrad).run();
    plans.giveBack(plan);
  }

  /** Checks a call and computes the other gradients of a GRU that resets before the product. */
  void gruGatesBackward(
      NdArray activations,
      NdArray g,
      NdArray h,
      NdArray hNextGrad,
      NdArray resetHGrad,
      NdArray gatesGrad,
      NdArray hGrad) {
    Signature call = Signature.of(null, GRU_GATES_BACKWARD).in(activations).in(g).in(h);
    call.in(hNextGrad).in(resetHGrad).out(gatesGrad, 0).out(hGrad).sharing();
    LoopPlan plan = plans.lend(call);
    if (plan == null || !call.isPlain()) {
      NdArray[] states = {g, h, hNextGrad, resetHGrad};
      CellSpec spec = CellSpec.gruGatesBackward(activations, states, gatesGrad, hGrad);
      if (plan == null) {
        if (h.size() == 0) {
          return;
        }
        plan =
            LoopRecorder.plan(
                call,
                workers,
                loops ->
                    ComposedCells.gruGatesBackward(
                        loops, spec, activations, states, gatesGrad, hGrad),
                activations,
                g,
                h,
                hNextGrad,
                resetHGrad,
                gatesGrad,
                hGrad);
      }
    }
    plan.at(0, activations).at(1, g).at(2, h).at(3, hNextGrad).at(4, resetHGrad);
    plan.at(5, gatesGrad).at(6, hGrad).run();
    plans.giveBack(plan);
  }
}
