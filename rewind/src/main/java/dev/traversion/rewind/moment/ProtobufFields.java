/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.moment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The length-delimited fields of a protobuf message, by number: enough to read the few requests that clients insist on sending so. */
final class ProtobufFields {

    private static final byte[] ENVELOPE = {'k', '8', 's', 0};
    private static final int RAW_OF_ENVELOPE = 2;

    private final Map<Integer, byte[]> fields = new LinkedHashMap<>();

    private ProtobufFields(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) (tag & 7)) {
                case 0 -> varint(in);
                case 1 -> in.position(in.position() + 8);
                case 2 -> {
                    byte[] value = new byte[Math.toIntExact(varint(in))];
                    in.get(value);
                    fields.put((int) (tag >>> 3), value);
                }
                case 5 -> in.position(in.position() + 4);
                default -> throw new IllegalArgumentException("wire type " + (tag & 7));
            }
        }
    }

    static boolean isEnvelope(byte[] body) {
        return body.length > ENVELOPE.length
                && ByteBuffer.wrap(body, 0, ENVELOPE.length).equals(ByteBuffer.wrap(ENVELOPE));
    }

    /**
     * The fields of the object in a Kubernetes envelope.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static ProtobufFields ofEnvelope(byte[] body) {
        try {
            byte[] unknown = new byte[body.length - ENVELOPE.length];
            System.arraycopy(body, ENVELOPE.length, unknown, 0, unknown.length);
            return new ProtobufFields(unknown).message(RAW_OF_ENVELOPE);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("damaged protobuf: " + e, e);
        }
    }

    ProtobufFields message(int number) {
        return new ProtobufFields(fields.getOrDefault(number, new byte[0]));
    }

    boolean has(int number) {
        return fields.containsKey(number);
    }

    String text(int number) {
        return new String(fields.getOrDefault(number, new byte[0]), StandardCharsets.UTF_8);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number too long");
    }
}
