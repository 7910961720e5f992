package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** The numbers of fields are those of tensorboard/plugins/hparams/plugin_data.proto. */
class HParamsTest {
  private enum Mode {
    FAST
  }

  @TempDir private Path folder;

  private static UnknownFieldSet message(ByteString bytes) throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes);
  }

  /** {@return the content of one part's message, which has one field} */
  private static UnknownFieldSet content(Summary.Value value, String tag, int field)
      throws InvalidProtocolBufferException {
    assertEquals(tag, value.getTag());
    assertEquals("hparams", value.getMetadata().getPluginData().getPluginName());
    assertEquals(DataType.DT_FLOAT, value.getTensor().getDtype());
    assertEquals(0, value.getTensor().getTensorShape().getDim(0).getSize());
    UnknownFieldSet data = message(value.getMetadata().getPluginData().getContent());
    assertEquals(Set.of(field), data.asMap().keySet());
    return message(data.getField(field).getLengthDelimitedList().getFirst());
  }

  private static double seconds(UnknownFieldSet message, int field) {
    return Double.longBitsToDouble(message.getField(field).getFixed64List().getFirst());
  }

  @Test
  void hyperparametersAndMetrics() throws IOException {
    Map<String, Object> hparams =
        Map.of("lr", 0.05, "units", 16, "nesterov", true, "optimizer", "sgd", "mode", Mode.FAST);
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.scalar("loss", 1, 0);
      writer.hparams(hparams, Map.of("hparam/loss", 0.25, "hparam/best", Double.NaN));
    }
    Event event = EventFile.read(EventFile.only(folder)).get(1);
    List<Summary.Value> values = event.getSummary().getValueList();
    assertEquals(4, values.size());
    assertEquals(0, event.getStep());

    UnknownFieldSet start = content(values.get(0), "_hparams_/session_start_info", 3);
    assertEquals(Set.of(1, 5), start.asMap().keySet());
    Map<String, Value> read = new TreeMap<>();
    for (ByteString each : start.getField(1).getLengthDelimitedList()) {
      UnknownFieldSet entry = message(each);
      read.put(
          entry.getField(1).getLengthDelimitedList().getFirst().toStringUtf8(),
          Value.parseFrom(entry.getField(2).getLengthDelimitedList().getFirst()));
    }
    assertEquals(
        Map.of(
            "lr", Value.newBuilder().setNumberValue(0.05).build(),
            "units", Value.newBuilder().setNumberValue(16).build(),
            "nesterov", Value.newBuilder().setBoolValue(true).build(),
            "optimizer", Value.newBuilder().setStringValue("sgd").build(),
            "mode", Value.newBuilder().setStringValue("FAST").build()),
        read);

    UnknownFieldSet end = content(values.get(1), "_hparams_/session_end_info", 4);
    assertEquals(List.of(1L), end.getField(1).getVarintList(), "success");
    assertTrue(seconds(start, 5) <= seconds(end, 2));
    assertEquals(event.getWallTime(), seconds(end, 2), 60);

    assertEquals("hparam/best", values.get(2).getTag());
    assertEquals(Float.NaN, values.get(2).getSimpleValue());
    assertEquals("hparam/loss", values.get(3).getTag());
    assertEquals(0.25f, values.get(3).getSimpleValue());
  }

  @Test
  void onlyOnce() throws IOException {
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.hparams(Map.of("lr", 1), Map.of());
      var e =
          assertThrows(
              IllegalStateException.class, () -> writer.hparams(Map.of("lr", 2), Map.of()));
      assertTrue(e.getMessage().contains("were written before"), e.getMessage());
    }
    assertEquals(1, EventFile.read(EventFile.only(folder)).size());
  }

  @Test
  void wrongOnesAreRefused() throws IOException {
    try (EventWriter writer = EventWriter.open(folder)) {
      for (Object wrong : List.of(Double.NaN, 1 / 0f, List.of(1), new int[] {1})) {
        var e =
            assertThrows(
                IllegalArgumentException.class,
                () -> writer.hparams(Map.of("lr", wrong), Map.of()));
        assertTrue(e.getMessage().contains("\"lr\" is " + wrong), e.getMessage());
      }
      assertThrows(
          NullPointerException.class,
          () -> writer.hparams(new HashMap<>(Collections.singletonMap("lr", null)), Map.of()));
      assertThrows(IllegalArgumentException.class, () -> writer.hparams(Map.of(), Map.of()));
      assertThrows(
          IllegalArgumentException.class, () -> writer.hparams(Map.of("lr", 1), Map.of(" ", 1.0)));
      // None of these counts as the one time.
      writer.hparams(Map.of("lr", 1), Map.of());
    }
    assertEquals(1, EventFile.read(EventFile.only(folder)).size());
  }
}
