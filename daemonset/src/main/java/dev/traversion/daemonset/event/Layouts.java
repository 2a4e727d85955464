/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

/** Where the fields of events lie: the offsets of bpf-programs/events.h, with which a test compares them. */
final class Layouts {

    /** Each event's beginning. */
    static final class Event {
        static final int TYPE = 0;
        static final int PID = 4;
        static final int TIME = 8;
        static final int CGROUP = 16;
        static final int PROCESS_START = 24;

        private Event() {}
    }

    static final class Exec {
        static final int BYTES = 448;
        static final int PARENT = 32;
        static final int USER = 36;
        static final int ARGUMENTS = 40;
        static final int DIRECTORY_START = 44;
        static final int COMMAND = 48;
        static final int FILE = 64;
        static final int DIRECTORY = 192;

        private Exec() {}
    }

    static final class ExecArguments {
        static final int BYTES = 968;
        static final int LENGTH = 448;
        static final int TOTAL = 452;
        static final int ARGUMENTS = 456;

        private ExecArguments() {}
    }

    static final class Exit {
        static final int BYTES = 80;
        static final int PARENT = 32;
        static final int STATUS = 36;
        static final int USER_TIME = 40;
        static final int SYSTEM_TIME = 48;
        static final int MAX_RESIDENT_PAGES = 56;
        static final int COMMAND = 64;

        private Exit() {}
    }

    static final class Oom {
        static final int BYTES = 56;
        static final int RESIDENT_PAGES = 32;
        static final int COMMAND = 40;

        private Oom() {}
    }

    static final class Signal {
        static final int BYTES = 80;
        static final int SIGNAL = 32;
        static final int CODE = 36;
        static final int SENDER = 40;
        static final int COMMAND = 48;
        static final int SENDER_COMMAND = 64;

        private Signal() {}
    }

    static final class Flow {
        static final int BYTES = 112;
        static final int STARTED = 32;
        static final int SENT = 40;
        static final int RECEIVED = 48;
        static final int ROUND_TRIP_US = 56;
        static final int RETRANSMITS = 60;
        static final int KIND = 64;
        static final int FAMILY = 66;
        static final int LOCAL_PORT = 68;
        static final int REMOTE_PORT = 70;
        static final int ERROR = 72;
        static final int NETWORK_NAMESPACE = 76;
        static final int LOCAL = 80;
        static final int REMOTE = 96;

        private Flow() {}
    }

    static final class Segment {
        static final int BYTES = 80;
        static final int FAMILY = 32;
        static final int LOCAL_PORT = 34;
        static final int REMOTE_PORT = 36;
        static final int STATE = 38;
        static final int DIRECTION = 39;
        static final int NETWORK_NAMESPACE = 40;
        static final int LOCAL = 48;
        static final int REMOTE = 64;

        private Segment() {}
    }

    static final class Cgroup {
        static final int BYTES = 552;
        static final int CHANGE = 32;
        static final int PATH = 40;

        private Cgroup() {}
    }

    static final class Block {
        static final int BYTES = 72;
        static final int QUEUED_NS = 32;
        static final int SERVED_NS = 40;
        static final int MAJOR = 48;
        static final int MINOR = 52;
        static final int OPERATION = 56;
        static final int LENGTH = 60;
        static final int FAILED = 64;

        private Block() {}
    }

    static final class Dns {
        static final int BYTES = 208;
        static final int TOOK_NS = 32;
        static final int NETWORK_NAMESPACE = 40;
        static final int SERVER_PORT = 44;
        static final int FAMILY = 46;
        static final int ATTEMPTS = 48;
        static final int ANSWERED = 50;
        static final int FLAGS = 52;
        static final int LENGTH = 54;
        static final int SERVER = 56;
        static final int QUESTION = 72;

        private Dns() {}
    }

    static final class DnsSegment {
        static final int BYTES = 80;
        static final int NETWORK_NAMESPACE = 32;
        static final int SEQUENCE = 36;
        static final int CARRIED = 40;
        static final int BEGIN = 44;
        static final int LENGTH = 48;
        static final int CLIENT_PORT = 52;
        static final int SERVER_PORT = 54;
        static final int FAMILY = 56;
        static final int IS_ANSWER = 58;
        static final int SERVER = 60;

        private DnsSegment() {}
    }

    static final int COMMAND_BYTES = 16;
    static final int FILE_BYTES = 128;
    static final int PATH_BYTES = 512;
    static final int ARGUMENT_BYTES = 512;
    static final int QUESTION_BYTES = 136;
    static final int DIRECTORY_BYTES = 256;

    private Layouts() {}
}
