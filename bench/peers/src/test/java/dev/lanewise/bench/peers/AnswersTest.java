package dev.lanewise.bench.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.bench.Network;
import dev.lanewise.bench.cases.ArrayBlas;
import dev.lanewise.bench.cases.Conv;
import dev.lanewise.bench.cases.ConvShape;
import dev.lanewise.bench.cases.Copy;
import dev.lanewise.bench.cases.Elementwise;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.ImageNorm;
import dev.lanewise.bench.cases.Inference;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.cases.KernelCase;
import dev.lanewise.bench.cases.Lines;
import dev.lanewise.bench.cases.OptimizerStep;
import dev.lanewise.bench.cases.Picking;
import dev.lanewise.bench.cases.Pool;
import dev.lanewise.bench.cases.RecurrentStep;
import dev.lanewise.bench.cases.Reduction;
import dev.lanewise.bench.cases.ResidualBlock;
import dev.lanewise.bench.cases.Rows;
import dev.lanewise.bench.cases.SelfAttention;
import dev.lanewise.bench.cases.TrainingStep;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import dev.lanewise.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What peers compute is what their rows in the table say. */
class AnswersTest {
  private static List<KernelCase> cases() {
    List<KernelCase> cases = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (Gemm.Form form : Gemm.Form.values()) {
        cases.add(new Gemm(dtype, form, 5, 37, 19));
      }
    }
    for (Elementwise.Op op : Elementwise.Op.values()) {
      cases.add(new Elementwise(op, 3 * Elementwise.COLUMNS));
    }
    for (Reduction.Over over : Reduction.Over.values()) {
      cases.add(new Reduction(ReduceOp.SUM, over, 7, 130));
      cases.add(new Reduction(ReduceOp.MAX, over, 7, 130));
    }
    for (Rows.Op op : Rows.Op.values()) {
      cases.add(new Rows(op, 5, 77));
    }
    for (OptimizerStep.Rule rule : OptimizerStep.Rule.values()) {
      cases.add(new OptimizerStep(rule, 301));
    }
    for (boolean backward : new boolean[] {false, true}) {
      for (Pool.Kind kind : Pool.Kind.values()) {
        cases.add(new Pool(kind, backward, 2, 3, 9, 3, 2, 1));
      }
      cases.add(new SelfAttention(backward, false, 2, 2, 7, 8));
      cases.add(new SelfAttention(backward, true, 1, 2, 7, 8));
      for (RecurrentStep.Cell cell : RecurrentStep.Cell.values()) {
        cases.add(new RecurrentStep(cell, backward, 3, 17));
      }
      for (ImageNorm.Kind kind : ImageNorm.Kind.values()) {
        cases.add(new ImageNorm(kind, backward, 2, 8, 5));
      }
    }
    for (Lines.Op op : Lines.Op.values()) {
      cases.add(new Lines(op, 1, 5, 77));
      cases.add(new Lines(op, 0, 5, 77));
    }
    for (Picking.Op op : Picking.Op.values()) {
      cases.add(new Picking(op, 9, 17, 23));
    }
    for (Copy.Kind kind : Copy.Kind.values()) {
      cases.add(new Copy(kind, 5, 77));
    }
    for (ArrayBlas.Op op : ArrayBlas.Op.values()) {
      cases.add(new ArrayBlas(op, op.name().startsWith("SGEMV") ? 5 : 1, 77));
    }
    for (Conv.Direction direction : Conv.Direction.values()) {
      cases.add(new Conv(direction, ConvShape.C1_K32));
      cases.add(new Conv(direction, ConvShape.DEPTHWISE));
    }
    cases.add(new Inference(Network.DIGITS_MLP, 3));
    cases.add(new Inference(Network.FASHION_CNN, 2));
    cases.add(new TrainingStep(Network.DIGITS_MLP, 8, false));
    cases.add(new ResidualBlock(33, 77, false));
    return cases;
  }

  @Test
  void everyAnswerIsExact() {
    Map<String, Integer> right = new TreeMap<>();
    for (Peer peer : Peers.all()) {
      assertTrue(peer.availability().isAvailable(), () -> peer.availability().toString());
      peer.useThreads(1);
      for (KernelCase kernelCase : cases()) {
        List<float[]> inputs = kernelCase.inputs();
        peer.prepare(kernelCase, inputs)
            .ifPresent(
                kernel -> {
                  try (kernel) {
                    kernel.run();
                    kernelCase.exact(inputs).check(peer.name() + ", " + kernelCase.id(), kernel);
                    right.merge(peer.name(), 1, Integer::sum);
                  }
                });
      }
    }
    assertEquals(cases().size(), right.get("libtorch"));
    assertEquals(2, right.get("ORT"));
    assertEquals(10, right.get("MKL")); // products, and calls with vectors
    assertEquals(10, right.get("OpenBLAS"));
  }

  @Test
  void kernelsRunAgainAndAgain() {
    KernelCase conv = new Conv(Conv.Direction.FORWARD, ConvShape.C1_K32);
    List<float[]> inputs = conv.inputs();
    try (Kernel kernel = new Libtorch().prepare(conv, inputs).orElseThrow()) {
      for (int i = 0; i < 10; i++) {
        kernel.run();
        assertTrue(Double.isFinite(kernel.element(i)));
      }
    }
  }

  @Test
  void messagesAreInTheWireFormat() {
    assertArrayEquals(new byte[] {8, (byte) 0x96, 1}, new Protobuf().put(1, 150).toByteArray());
    assertArrayEquals(new byte[] {0x12, 2, 'h', 'i'}, new Protobuf().put(2, "hi").toByteArray());
    assertArrayEquals(
        new byte[] {0x1a, 3, 8, (byte) 0x96, 1},
        new Protobuf().put(3, new Protobuf().put(1, 150)).toByteArray());
    assertArrayEquals(
        new byte[] {0x0a, 4, 0, 0, (byte) 0x80, 0x3f},
        new Protobuf().put(1, new float[] {1}).toByteArray());
  }
}
