/**
 * The peers of {@code lanewise bench} whose classes are compiled against: {@link
 * dev.lanewise.bench.peers.Libtorch} and {@link dev.lanewise.bench.peers.OnnxRuntime}. Built with
 * Maven's profile {@code peers}; {@code ./lanewise bench --peers} does so by itself.
 */
package dev.lanewise.bench.peers;
