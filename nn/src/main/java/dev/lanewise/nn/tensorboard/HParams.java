package dev.lanewise.nn.tensorboard;

import dev.lanewise.nn.tensorboard.proto.HParam;
import dev.lanewise.nn.tensorboard.proto.HParamsPluginData;
import dev.lanewise.nn.tensorboard.proto.SessionEndInfo;
import dev.lanewise.nn.tensorboard.proto.SessionStartInfo;
import dev.lanewise.nn.tensorboard.proto.Status;
import dev.lanewise.nn.tensorboard.proto.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the message of hyperparameters and of what came out with them. Who loads this class has
 * made sure that protobuf-java is there.
 *
 * <p>There is no list of all hyperparameters and metrics (an "experiment") among them: TensorBoard
 * would take that of one run for all, and without one it collects what the runs have.
 */
final class HParams {
  private HParams() {}

  static byte[] encode(Map<String, ?> hparams, Map<String, Double> metrics, Instant start) {
    if (hparams.isEmpty()) {
      throw new IllegalArgumentException(
          "EventWriter.hparams: there must be at least one hyperparameter");
    }
    SessionStartInfo.Builder info =
        SessionStartInfo.newBuilder().setStartTimeSecs(Events.seconds(start));
    // Sorted, so that the same numbers make the same file.
    new TreeMap<>(hparams).forEach((name, value) -> info.putHparams(name, hparam(name, value)));
    SessionEndInfo.Builder end =
        SessionEndInfo.newBuilder()
            .setStatus(Status.STATUS_SUCCESS)
            .setEndTimeSecs(Events.seconds(Instant.now()));
    List<Summary.Value> values = new ArrayList<>();
    values.add(
        Events.hparams(
            "_hparams_/session_start_info",
            HParamsPluginData.newBuilder().setSessionStartInfo(info).build()));
    values.add(
        Events.hparams(
            "_hparams_/session_end_info",
            HParamsPluginData.newBuilder().setSessionEndInfo(end).build()));
    new TreeMap<>(metrics)
        .forEach(
            (tag, value) ->
                values.add(Events.number(EventWriter.requireTag("hparams", tag), value)));
    return Events.summary(0, values);
  }

  private static HParam hparam(String name, Object value) {
    HParam.Builder hparam = HParam.newBuilder();
    switch (value) {
      case Boolean truth -> hparam.setBoolValue(truth);
      case CharSequence text -> hparam.setStringValue(text.toString());
      case Enum<?> constant -> hparam.setStringValue(constant.name());
      case Number number when Double.isFinite(number.doubleValue()) ->
          hparam.setNumberValue(number.doubleValue());
      default ->
          throw new IllegalArgumentException(
              "EventWriter.hparams: \"%s\" is %s (%s); it must be a finite number, a truth value, a"
                      .formatted(name, value, value.getClass().getSimpleName())
                  + " text or a constant of an enum");
    }
    return hparam.build();
  }
}
