/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A bucket, or a prefix in one. Creating is a PUT with {@code If-None-Match: *}; whatever the answer was, the object is looked at
 * afterwards, since a lost answer says nothing and some servers answer 200 with an error in the body.
 */
public final class S3Store implements Store {

    private static final String SHA256 = "sha256";
    private static final int INSUFFICIENT_STORAGE = 507;
    private static final int PRECONDITION_FAILED = 412;

    private final MinioClient client;
    private final String endpoint;
    private final String bucket;
    private final String prefix;

    /** @param prefix in the bucket, without slashes around it; {@code ""} for the whole bucket */
    public S3Store(MinioClient client, String endpoint, String bucket, String prefix) {
        this.client = client;
        this.endpoint = endpoint;
        this.bucket = bucket;
        this.prefix = prefix.isEmpty() ? "" : prefix + "/";
    }

    @Override
    public String location() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }

    @Override
    public void probe() throws IOException {
        String path = ".probe-" + UUID.randomUUID();
        create(path, new byte[] {1});
        try {
            create(path, new byte[] {2});
            throw new TraversionException(
                    endpoint + " ignores If-None-Match: two recorders could overwrite each other's commits."
                            + " Use a server that honours it (MinIO, AWS S3, Garage, SeaweedFS).");
        } catch (FileAlreadyExistsException expected) {
            delete(path);
        }
    }

    @Override
    public List<StoredFile> list(String path) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (Item item : items(path, true)) {
            files.add(new StoredFile(item.objectName().substring(prefix.length()), item.size()));
        }
        files.sort(Comparator.comparing(StoredFile::path));
        return files;
    }

    @Override
    public List<String> folders(String path) throws IOException {
        List<String> names = new ArrayList<>();
        for (Item item : items(path, false)) {
            if (item.isDir()) {
                String name = item.objectName().substring(prefix.length() + path.length());
                names.add(name.substring(0, name.length() - 1));
            }
        }
        names.sort(Comparator.naturalOrder());
        return names;
    }

    private List<Item> items(String path, boolean recursive) throws IOException {
        ListObjectsArgs list = ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix + path)
                .recursive(recursive)
                .build();
        return call("list", path, () -> {
            List<Item> items = new ArrayList<>();
            for (Result<Item> result : client.listObjects(list)) {
                items.add(result.get());
            }
            return items;
        });
    }

    @Override
    public InputStream read(String path) throws IOException {
        GetObjectArgs whole =
                GetObjectArgs.builder().bucket(bucket).object(prefix + path).build();
        GetObjectResponse answer = call("read", path, () -> client.getObject(whole));
        String sha256 = answer.headers().get("x-amz-meta-" + SHA256);
        InputStream in = named(path, answer);
        return sha256 == null ? in : new CheckedStream(in, sha256, location() + "/" + path);
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        GetObjectArgs range = GetObjectArgs.builder()
                .bucket(bucket)
                .object(prefix + path)
                .offset(offset)
                .length((long) length)
                .build();
        try (InputStream in = named(path, call("read", path, () -> client.getObject(range)))) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new IOException(location() + "/" + path + " is shorter than " + (offset + length) + " bytes");
            }
            return bytes;
        }
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        create(path, content.length, () -> new ByteArrayInputStream(content));
    }

    @Override
    public void create(String path, Path content) throws IOException {
        create(path, Files.size(content), () -> Files.newInputStream(content));
    }

    private interface Content {
        InputStream open() throws IOException;
    }

    private void create(String path, long size, Content content) throws IOException {
        String digest = digest(content);
        IOException failure = null;
        // Tells our own object from one that was there before, if an answer is lost.
        String attempt = UUID.randomUUID().toString();
        try (InputStream in = content.open()) {
            PutObjectArgs put = PutObjectArgs.builder().bucket(bucket).object(prefix + path).stream(in, size, -1L)
                    .maxRetries(1)
                    .extraHeaders(
                            Map.of("If-None-Match", "*", "x-amz-meta-" + SHA256, digest, "x-amz-meta-attempt", attempt))
                    .build();
            call("write", path, () -> client.putObject(put));
        } catch (IOException e) {
            if (isRefusedForGood(e)) {
                throw e;
            }
            failure = e;
        }
        StatObjectResponse stored;
        try {
            stored = stat(path);
        } catch (StoreRefusal e) {
            takeAtItsWord(path, failure, e);
            return;
        }
        if (stored == null) {
            throw failure != null
                    ? failure
                    : new IOException(location() + "/" + path + " is not there after writing it");
        }
        if (!attempt.equals(stored.userMetadata().getFirst("attempt"))) {
            throw new FileAlreadyExistsException(location() + "/" + path);
        }
        if (stored.size() != size || !digest.equals(stored.userMetadata().getFirst(SHA256))) {
            throw new IOException(location() + "/" + path + " has " + stored.size() + " bytes after writing " + size);
        }
    }

    /** Keys that may put objects and not look at them: what the store answered is all there is to know. */
    private void takeAtItsWord(String path, IOException failure, StoreRefusal refusal) throws IOException {
        if (refusal.why() != StoreRefusal.Why.NOT_ALLOWED) {
            throw refusal;
        }
        if (failure != null
                && failure.getCause() instanceof ErrorResponseException answered
                && answered.response().code() == PRECONDITION_FAILED) {
            throw new FileAlreadyExistsException(location() + "/" + path);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private StatObjectResponse stat(String path) throws IOException {
        StatObjectArgs stat =
                StatObjectArgs.builder().bucket(bucket).object(prefix + path).build();
        try {
            return call("look at", path, () -> client.statObject(stat));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void delete(String path) throws IOException {
        RemoveObjectArgs remove =
                RemoveObjectArgs.builder().bucket(bucket).object(prefix + path).build();
        call("delete", path, () -> {
            client.removeObject(remove);
            return null;
        });
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            // Nothing is buffered: what was created is there, and the process lets go of the sockets.
            System.getLogger(S3Store.class.getName()).log(System.Logger.Level.DEBUG, "closing the S3 client", e);
        }
    }

    private static String digest(Content content) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(content.open(), sha256)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether trying again cannot help; the object is not looked at then. */
    private static boolean isRefusedForGood(IOException e) {
        return e.getCause() instanceof ErrorResponseException refused
                && refused.response().code() >= 400
                && refused.response().code() < 500
                && refused.response().code() != PRECONDITION_FAILED
                && refused.response().code() != 409
                && refused.response().code() != 429;
    }

    private interface Call<T> {
        T run() throws MinioException;
    }

    private <T> T call(String what, String path, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (MinioException e) {
            throw failure(what, path, e);
        } catch (IllegalStateException e) {
            // So the client says whatever went wrong below it: a connection that broke, an answer it cannot read.
            throw unanswered(what, path, e.getCause() == null ? e : e.getCause());
        }
    }

    /** Failures while an answer is read name the place too. */
    private InputStream named(String path, InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                try {
                    return super.read(bytes, offset, length);
                } catch (IOException e) {
                    throw unanswered("read", path, e);
                }
            }
        };
    }

    private IOException failure(String what, String path, MinioException e) {
        String place = location() + "/" + path;
        if (e instanceof ErrorResponseException answered) {
            String code = answered.errorResponse().code();
            return switch (code) {
                case "NoSuchKey", "NoSuchObject" -> new NoSuchFileException(place);
                case "NoSuchBucket" ->
                    throw new StoreRefusal(
                            StoreRefusal.Why.NO_BUCKET,
                            "There is no bucket " + bucket + " at " + endpoint + ". Create it, or name another one.",
                            e);
                case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                    throw new StoreRefusal(
                            StoreRefusal.Why.WRONG_KEYS,
                            endpoint + " does not accept these S3 keys (" + code
                                    + "). Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
                            e);
                case "AccessDenied" ->
                    throw new StoreRefusal(
                            StoreRefusal.Why.NOT_ALLOWED,
                            "Not allowed to " + what + " " + place
                                    + " (AccessDenied). Give these keys s3:ListBucket, s3:GetObject,"
                                    + " s3:PutObject and s3:DeleteObject on it.",
                            e);
                default -> {
                    String message = "cannot " + what + " " + place + ": "
                            + answered.errorResponse().message() + " (" + code + ", status "
                            + answered.response().code() + ")";
                    yield isFull(answered) ? new StoreFullException(message, e) : new IOException(message, e);
                }
            };
        }
        return unanswered(what, path, e.getCause() == null ? e : e.getCause());
    }

    /** There is no one code for it: XMinioStorageFull, XMinioAdminBucketQuotaExceeded, QuotaExceeded. */
    private static boolean isFull(ErrorResponseException answered) {
        String code = answered.errorResponse().code();
        return answered.response().code() == INSUFFICIENT_STORAGE
                || code.contains("StorageFull")
                || code.contains("QuotaExceeded");
    }

    private IOException unanswered(String what, String path, Throwable cause) {
        String message = cause instanceof RuntimeException
                ? "its answer is not one of S3 (" + cause + ")"
                : cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
        return new IOException(
                "cannot " + what + " " + location() + "/" + path + " at " + endpoint + ": " + message, cause);
    }
}
