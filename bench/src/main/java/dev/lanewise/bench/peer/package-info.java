/** Who is measured beside Lanewise, behind one interface: {@link dev.lanewise.bench.peer.Peer}. */
package dev.lanewise.bench.peer;
