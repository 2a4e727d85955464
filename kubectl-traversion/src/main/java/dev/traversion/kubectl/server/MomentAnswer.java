/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;

/**
 * A moment, and how it is reached.
 *
 * @param cluster id
 * @param clusterName what it is called in the names of contexts
 * @param start of the recording
 * @param end of the recording
 * @param live whether it is still being recorded
 * @param instant what the TIME means; the end if none was asked for
 * @param completeness {@code complete}, or {@code incomplete: ...} with the reasons
 * @param namespace the user's default namespace; {@code ""} for none
 * @param url of the moment's API
 * @param certificate PEM
 * @param token bearer token of the API
 */
public record MomentAnswer(
        String cluster,
        String clusterName,
        Instant start,
        Instant end,
        boolean live,
        Instant instant,
        String completeness,
        String namespace,
        String url,
        String certificate,
        String token) {

    void write(DataOutput out) throws IOException {
        out.writeUTF(cluster);
        out.writeUTF(clusterName);
        write(start, out);
        write(end, out);
        out.writeBoolean(live);
        write(instant, out);
        out.writeUTF(completeness);
        out.writeUTF(namespace);
        out.writeUTF(url);
        out.writeUTF(certificate);
        out.writeUTF(token);
    }

    static MomentAnswer read(DataInput in) throws IOException {
        return new MomentAnswer(
                in.readUTF(),
                in.readUTF(),
                readInstant(in),
                readInstant(in),
                in.readBoolean(),
                readInstant(in),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                in.readUTF());
    }

    private static void write(Instant instant, DataOutput out) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static Instant readInstant(DataInput in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }
}
