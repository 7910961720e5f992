package dev.lanewise.bench.golden;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All operations that cases may name. Most mean the same in every group. */
final class Operations {
  private static final Map<String, Operation> ANYWHERE =
      joined(
          List.of(
              ElementwiseOperations.TABLE,
              ReductionOperations.TABLE,
              ShapeOperations.TABLE,
              ProductOperations.TABLE,
              WindowOperations.TABLE,
              NormOperations.TABLE,
              SequenceOperations.TABLE));

  private static final Map<String, Map<String, Operation>> OF_GROUP =
      Map.of(
          "loss", LossOperations.TABLE,
          "second_order", SecondOrder.TABLE,
          "optimizer", Optimizers.TABLE,
          "schedule", ScheduleOperations.TABLE,
          "train", Trainings.TABLE);

  private Operations() {}

  private static Map<String, Operation> joined(List<Map<String, Operation>> tables) {
    Map<String, Operation> all = new HashMap<>();
    for (Map<String, Operation> table : tables) {
      all.putAll(table);
    }
    return all;
  }

  static Optional<Operation> of(GoldenCase test) {
    return Optional.ofNullable(OF_GROUP.getOrDefault(test.group(), ANYWHERE).get(test.op()));
  }
}
