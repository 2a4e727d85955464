/* SPDX-License-Identifier: Apache-2.0 */
/** Where files live: {@code file://} and {@code s3://}. */
package dev.traversion.archive.store;
