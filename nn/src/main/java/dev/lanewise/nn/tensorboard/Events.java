package dev.lanewise.nn.tensorboard;

import com.google.protobuf.ByteString;
import dev.lanewise.nn.tensorboard.proto.DataClass;
import dev.lanewise.nn.tensorboard.proto.DataType;
import dev.lanewise.nn.tensorboard.proto.Event;
import dev.lanewise.nn.tensorboard.proto.GraphDef;
import dev.lanewise.nn.tensorboard.proto.HParamsPluginData;
import dev.lanewise.nn.tensorboard.proto.Summary;
import dev.lanewise.nn.tensorboard.proto.SummaryMetadata;
import dev.lanewise.nn.tensorboard.proto.TensorProto;
import dev.lanewise.nn.tensorboard.proto.TensorShapeProto;
import java.time.Instant;
import java.util.List;

/**
 * Makes the messages of an event file, of now. Who loads this class has made sure that
 * protobuf-java is there.
 *
 * <p>What is not a plain number is a tensor with the name of the part of TensorBoard that shows it,
 * as TensorFlow 2 writes it.
 */
final class Events {
  private Events() {}

  /** {@return what a file starts with} */
  static byte[] version() {
    return now().setFileVersion("brain.Event:2").build().toByteArray();
  }

  static byte[] scalar(String tag, double value, long step) {
    return summary(step, List.of(number(tag, value)));
  }

  static byte[] histogram(String tag, Histogram histogram, long step) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_DOUBLE)
            .setTensorShape(shape(List.of(Histogram.BUCKETS, 3)));
    for (double number : histogram.rows()) {
      tensor.addDoubleVal(number);
    }
    return summary(step, tag, "histograms", DataClass.DATA_CLASS_TENSOR, tensor);
  }

  /** {@return width, height and the files: TensorBoard shows the sizes as they stand here} */
  static byte[] pictures(String tag, Pictures pictures, long step) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(shape(List.of(2 + pictures.pngs().size())))
            .addStringVal(ByteString.copyFromUtf8(Integer.toString(pictures.width())))
            .addStringVal(ByteString.copyFromUtf8(Integer.toString(pictures.height())));
    for (byte[] png : pictures.pngs()) {
      tensor.addStringVal(ByteString.copyFrom(png));
    }
    return summary(step, tag, "images", DataClass.DATA_CLASS_BLOB_SEQUENCE, tensor);
  }

  static byte[] text(String tag, String markdown, long step) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(shape(List.of()))
            .addStringVal(ByteString.copyFromUtf8(markdown));
    return summary(step, tag, "text", DataClass.DATA_CLASS_TENSOR, tensor);
  }

  static byte[] graph(GraphDef graph) {
    return now().setGraphDef(graph.toByteString()).build().toByteArray();
  }

  static byte[] summary(long step, List<Summary.Value> values) {
    Summary summary = Summary.newBuilder().addAllValue(values).build();
    return now().setStep(step).setSummary(summary).build().toByteArray();
  }

  static Summary.Value number(String tag, double value) {
    return Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value).build();
  }

  /** {@return what carries data of the hyperparameters' part, beside an empty tensor} */
  static Summary.Value hparams(String tag, HParamsPluginData data) {
    TensorProto.Builder nothing =
        TensorProto.newBuilder().setDtype(DataType.DT_FLOAT).setTensorShape(shape(List.of(0)));
    return value(tag, "hparams", data.toByteString(), DataClass.DATA_CLASS_TENSOR, nothing);
  }

  static TensorShapeProto shape(List<Integer> dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim));
    }
    return shape.build();
  }

  /** {@return the seconds since 1970} */
  static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() * 1e-9;
  }

  private static Event.Builder now() {
    return Event.newBuilder().setWallTime(seconds(Instant.now()));
  }

  private static byte[] summary(
      long step, String tag, String plugin, DataClass dataClass, TensorProto.Builder tensor) {
    return summary(step, List.of(value(tag, plugin, ByteString.EMPTY, dataClass, tensor)));
  }

  private static Summary.Value value(
      String tag,
      String plugin,
      ByteString content,
      DataClass dataClass,
      TensorProto.Builder tensor) {
    return Summary.Value.newBuilder()
        .setTag(tag)
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setDataClass(dataClass)
                .setPluginData(
                    SummaryMetadata.PluginData.newBuilder()
                        .setPluginName(plugin)
                        .setContent(content)))
        .setTensor(tensor)
        .build();
  }
}
