/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static dev.traversion.archive.landing.LandingTable.DNS;

import dev.traversion.archive.landing.RowBlock;
import dev.traversion.daemonset.attribution.Container;

/** Rows of questions to servers of names. For one thread. */
final class DnsRows {

    private static final int TIME = DNS.column("time");
    private static final int KIND = DNS.column("kind");
    private static final int PID = DNS.column("pid");
    private static final int PROCESS_START = DNS.column("process_start");
    private static final int CGROUP = DNS.column("cgroup");
    private static final int POD_UID = DNS.column("pod_uid");
    private static final int CONTAINER_ID = DNS.column("container_id");
    private static final int NAME = DNS.column("name");
    private static final int TYPE = DNS.column("type");
    private static final int CODE = DNS.column("code");
    private static final int TOOK = DNS.column("took");
    private static final int ATTEMPTS = DNS.column("attempts");
    private static final int SERVER_ADDRESS = DNS.column("server_address");
    private static final int SERVER_PORT = DNS.column("server_port");
    private static final int NETWORK_NAMESPACE = DNS.column("network_namespace");

    private static final int CODE_MASK = 15;
    private static final int LONGEST_LABEL = 63;

    /** Each byte of a name takes at most four. */
    private final byte[] name = new byte[4 * Layouts.QUESTION_BYTES + 4];

    private int nameLength;

    void tell(RowBlock row, EventData data, Container container) {
        row.set(TIME, data.longAt(Layouts.Event.TIME));
        boolean isAnswered = data.shortAt(Layouts.Dns.ANSWERED) != 0;
        row.set(KIND, isAnswered ? Kinds.ANSWERED : Kinds.UNANSWERED);
        row.set(PID, data.intAt(Layouts.Event.PID));
        row.set(PROCESS_START, data.longAt(Layouts.Event.PROCESS_START));
        row.set(CGROUP, data.longAt(Layouts.Event.CGROUP));
        row.set(POD_UID, container.podUid());
        row.set(CONTAINER_ID, container.containerId());
        int end = readName(data, Math.min(data.shortAt(Layouts.Dns.LENGTH), Layouts.QUESTION_BYTES));
        row.set(NAME, name, 0, nameLength);
        row.set(TYPE, end < 0 ? 0 : data.byteAt(end) << 8 | data.byteAt(end + 1));
        row.set(CODE, data.shortAt(Layouts.Dns.FLAGS) & CODE_MASK);
        row.set(TOOK, data.longAt(Layouts.Dns.TOOK_NS));
        row.set(ATTEMPTS, data.shortAt(Layouts.Dns.ATTEMPTS));
        data.address(row, SERVER_ADDRESS, data.shortAt(Layouts.Dns.FAMILY), Layouts.Dns.SERVER);
        row.set(SERVER_PORT, data.shortAt(Layouts.Dns.SERVER_PORT));
        row.set(NETWORK_NAMESPACE, Integer.toUnsignedLong(data.intAt(Layouts.Dns.NETWORK_NAMESPACE)));
        row.endRow();
    }

    /**
     * Reads the labels of a name as people write it: with dots between, and other than printable characters as {@code \ddd}. Ends with
     * "..." where not all is there.
     *
     * @return the field after it, which has its type; -1 if that is not there
     */
    private int readName(EventData data, int length) {
        nameLength = 0;
        int at = 0;
        while (at < length) {
            int label = data.byteAt(Layouts.Dns.QUESTION + at++);
            if (label == 0) {
                if (nameLength == 0) {
                    name[nameLength++] = '.';
                }
                return at + 1 < length ? Layouts.Dns.QUESTION + at : -1;
            }
            if (label > LONGEST_LABEL) {
                break;
            }
            if (nameLength > 0) {
                name[nameLength++] = '.';
            }
            for (int end = at + label; at < end && at < length; at++) {
                add(data.byteAt(Layouts.Dns.QUESTION + at));
            }
        }
        for (int i = 0; i < 3; i++) {
            name[nameLength++] = '.';
        }
        return -1;
    }

    private void add(int character) {
        boolean isPlain = character > ' ' && character < 127 && character != '.' && character != '\\';
        if (isPlain) {
            name[nameLength++] = (byte) character;
            return;
        }
        name[nameLength++] = '\\';
        name[nameLength++] = (byte) ('0' + character / 100);
        name[nameLength++] = (byte) ('0' + character / 10 % 10);
        name[nameLength++] = (byte) ('0' + character % 10);
    }
}
