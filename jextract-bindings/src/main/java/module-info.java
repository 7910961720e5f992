/**
 * The NVIDIA libraries as functions, constants and structs for Java, and the search that opens
 * them. Only the CUDA backend sees the package; the one module that needs native access is this one
 * ({@code --enable-native-access=dev.lanewise.bindings}).
 */
// The export names a module that is compiled after this one, and that may be absent.
@SuppressWarnings("module")
module dev.lanewise.bindings {
  exports dev.lanewise.bindings.cuda to
      dev.lanewise.cuda;
}
