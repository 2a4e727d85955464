/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.traversion.daemonset.probe.EventConsumer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Questions to servers of names over TCP, and their answers, found in segments of connections. Each becomes an event as those over UDP are,
 * with the time at which the segment with its beginning was seen. For one thread.
 */
public final class TcpLookups implements EventConsumer {

    private static final int DNS = 11;
    private static final int IS_ANSWER = 0x8000;

    /** Of connections without a segment for so long nothing is known: the next one begins with a message, or its port is another's. */
    private static final long IDLE_NANOS = 10_000_000_000L;

    private static final int MOST = 4096;

    /** Of one network namespace; the server's address in two halves. */
    private record Connection(int networkNamespace, int port, long server, long serverRest, boolean isAnswer) {}

    private record Asked(Connection connection, int id) {}

    private record Segment(long time, Connection connection, byte[] event, byte[] carried, int length) {}

    private final EventConsumer rows;
    private final List<Segment> waiting = new ArrayList<>();
    private final Map<Connection, DnsStream> streams = bounded();
    private final Map<Asked, byte[]> questions = bounded();

    TcpLookups(EventConsumer rows) {
        this.rows = rows;
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST;
            }
        };
    }

    /** Takes a segment, which waits: that of another CPU may have been before it. */
    @Override
    public void event(MemorySegment data, long offset, int length) {
        MemorySegment segment = data.asSlice(offset, length);
        byte[] event = segment.asSlice(0, Layouts.DnsSegment.BYTES).toArray(JAVA_BYTE);
        int begin = integer(event, Layouts.DnsSegment.BEGIN);
        int end = integer(event, Layouts.DnsSegment.LENGTH);
        byte[] carried = segment.asSlice(Layouts.DnsSegment.BYTES + (long) begin, end - begin)
                .toArray(JAVA_BYTE);
        MemorySegment header = MemorySegment.ofArray(event);
        Connection connection = new Connection(
                integer(event, Layouts.DnsSegment.NETWORK_NAMESPACE),
                header.get(JAVA_SHORT_UNALIGNED, Layouts.DnsSegment.CLIENT_PORT),
                header.get(JAVA_LONG_UNALIGNED, Layouts.DnsSegment.SERVER),
                header.get(JAVA_LONG_UNALIGNED, Layouts.DnsSegment.SERVER + 8),
                header.get(JAVA_SHORT_UNALIGNED, Layouts.DnsSegment.IS_ANSWER) != 0);
        waiting.add(new Segment(
                header.get(JAVA_LONG_UNALIGNED, Layouts.Event.TIME),
                connection,
                event,
                carried,
                integer(event, Layouts.DnsSegment.CARRIED)));
    }

    /**
     * Goes through the segments in the order of their times.
     *
     * @param before those before this time of the boot clock, of which no CPU has any more
     */
    public void follow(long before) {
        waiting.sort(Comparator.comparingLong(Segment::time));
        int due = 0;
        while (due < waiting.size() && waiting.get(due).time() < before) {
            follow(waiting.get(due++));
        }
        waiting.subList(0, due).clear();
    }

    private void follow(Segment segment) {
        DnsStream stream = streams.computeIfAbsent(segment.connection(), _ -> new DnsStream());
        stream.segment(
                segment.time(),
                integer(segment.event(), Layouts.DnsSegment.SEQUENCE),
                segment.carried(),
                segment.length(),
                (head, rest, at) -> {
                    int id = DnsStream.big(head, 2);
                    int flags = DnsStream.big(head, 4);
                    boolean isAnswer = (flags & IS_ANSWER) != 0;
                    if (segment.connection().isAnswer()) {
                        return isAnswer && answered(segment, id, flags);
                    }
                    if (isAnswer || DnsStream.big(head, 6) == 0) {
                        return false;
                    }
                    asked(segment, id, DnsStream.big(head, 0) + 2 - DnsStream.HEAD, rest, at);
                    return true;
                });
    }

    private void asked(Segment segment, int id, int length, byte[] rest, int at) {
        byte[] event = new byte[Layouts.Dns.BYTES];
        MemorySegment target = MemorySegment.ofArray(event);
        MemorySegment source = MemorySegment.ofArray(segment.event());
        MemorySegment.copy(source, 0, target, 0, Layouts.Event.PROCESS_START + Long.BYTES);
        target.set(JAVA_SHORT_UNALIGNED, Layouts.Event.TYPE, (short) DNS);
        target.set(
                JAVA_INT_UNALIGNED,
                Layouts.Dns.NETWORK_NAMESPACE,
                integer(segment.event(), Layouts.DnsSegment.NETWORK_NAMESPACE));
        copyShort(source, Layouts.DnsSegment.SERVER_PORT, target, Layouts.Dns.SERVER_PORT);
        copyShort(source, Layouts.DnsSegment.FAMILY, target, Layouts.Dns.FAMILY);
        MemorySegment.copy(source, Layouts.DnsSegment.SERVER, target, Layouts.Dns.SERVER, 2 * Long.BYTES);
        target.set(JAVA_SHORT_UNALIGNED, Layouts.Dns.ATTEMPTS, (short) 1);
        int there = Math.max(0, Math.min(Math.min(length, rest.length - at), Layouts.QUESTION_BYTES));
        target.set(JAVA_SHORT_UNALIGNED, Layouts.Dns.LENGTH, (short) there);
        System.arraycopy(rest, at, event, Layouts.Dns.QUESTION, there);
        questions.put(new Asked(segment.connection(), id), event);
    }

    private static void copyShort(MemorySegment source, int from, MemorySegment target, int to) {
        target.set(JAVA_SHORT_UNALIGNED, to, source.get(JAVA_SHORT_UNALIGNED, from));
    }

    /** Whether there was such a question. */
    private boolean answered(Segment segment, int id, int flags) {
        Connection answers = segment.connection();
        Connection asking = new Connection(
                answers.networkNamespace(), answers.port(), answers.server(), answers.serverRest(), false);
        byte[] event = questions.remove(new Asked(asking, id));
        if (event == null) {
            return false;
        }
        MemorySegment target = MemorySegment.ofArray(event);
        long asked = target.get(JAVA_LONG_UNALIGNED, Layouts.Event.TIME);
        target.set(JAVA_LONG_UNALIGNED, Layouts.Dns.TOOK_NS, segment.time() - asked);
        target.set(JAVA_SHORT_UNALIGNED, Layouts.Dns.ANSWERED, (short) 1);
        target.set(JAVA_SHORT_UNALIGNED, Layouts.Dns.FLAGS, (short) flags);
        rows.event(target, 0, event.length);
        return true;
    }

    /**
     * Tells of questions that have no answer, and will get none; forgets connections that were idle.
     *
     * @param before those asked before this time of the boot clock
     */
    public void unanswered(long before) {
        for (Iterator<Map.Entry<Asked, byte[]>> each = questions.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Asked, byte[]> question = each.next();
            MemorySegment event = MemorySegment.ofArray(question.getValue());
            if (event.get(JAVA_LONG_UNALIGNED, Layouts.Event.TIME) >= before) {
                continue;
            }
            each.remove();
            Connection asking = question.getKey().connection();
            DnsStream answers = streams.get(new Connection(
                    asking.networkNamespace(), asking.port(), asking.server(), asking.serverRest(), true));
            // What was not seen may have been the answer.
            if (answers == null || !answers.isBlind()) {
                rows.event(event, 0, question.getValue().length);
            }
        }
        streams.values().removeIf(stream -> stream.last() < before - IDLE_NANOS);
    }

    private static int integer(byte[] event, int field) {
        return MemorySegment.ofArray(event).get(JAVA_INT_UNALIGNED, field);
    }
}
