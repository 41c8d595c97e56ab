"""Files to and from other people's servers: FTP, FTPS, SFTP, S3, a folder. Knows no domain."""
