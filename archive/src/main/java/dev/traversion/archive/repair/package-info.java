/* SPDX-License-Identifier: Apache-2.0 */
/** Making a damaged recording whole again, with what is lost as gaps. */
package dev.traversion.archive.repair;
