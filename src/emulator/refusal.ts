/**
 * What DPS answers when it refuses: an HTTP status, a six-digit error code whose first three digits are that status, and
 * a message (ProvisioningServiceErrorDetails, api-version 2021-10-01). A refusal is an expected ending, so it is a value
 * that functions return, never an exception. Numbers marked "choice" are not documented; see README.md.
 */
export class Refusal {
  readonly status: number;
  readonly errorCode: number;
  readonly message: string;

  constructor(status: number, errorCode: number, message: string) {
    this.status = status;
    this.errorCode = errorCode;
    this.message = message;
  }
}

/** 400000: the request cannot be read as what the API takes. */
export const badRequest = (message: string) => new Refusal(400, 400000, message);
/** 400004: readable, but an id, a field or a mix of fields breaks a rule. */
export const invalidArgument = (message: string) => new Refusal(400, 400004, message);
export const unauthorized = (message = 'Unauthorized') => new Refusal(401, 401002, message);
/** 403000 (choice): who it is was understood, and refused all the same. */
export const forbidden = (message = 'Forbidden') => new Refusal(403, 403000, message);
/** 404201: no enrollment by that registration id. */
export const enrollmentNotFound = () => new Refusal(404, 404201, 'Enrollment not found.');
/** 404201: no registration record by that id. */
export const registrationNotFound = () => new Refusal(404, 404201, 'Registration not found.');
/** 404000 (choice): nothing is served under that path. */
export const pathNotFound = () => new Refusal(404, 404000, 'Not found.');
/** 405000 (choice). */
export const methodNotAllowed = () => new Refusal(405, 405000, 'Method not allowed.');
export const enrollmentExists = () => new Refusal(409, 409201, 'Enrollment already exists.');
/** 412000 (choice). */
export const preconditionFailed = () =>
  new Refusal(412, 412000, 'Precondition failed: the ETag does not match.');
/** 413000 (choice). */
export const contentTooLarge = () => new Refusal(413, 413000, 'The request body is too large.');
/** 415000 (choice). */
export const unsupportedMediaType = () => new Refusal(415, 415000, 'Content-Type must be application/json.');
/** 429001: IoT Hub's number, DPS's own was never seen (choice). */
export const tooManyRequests = () =>
  new Refusal(429, 429001, 'Too many requests. Retry after the time given.');
/** 500001: IoT Hub's number (choice), and 502001, 503001, 504001 in its likeness. */
export const serverFault = (status = 500) =>
  new Refusal(status, status * 1000 + 1, 'An internal server error occurred.');
